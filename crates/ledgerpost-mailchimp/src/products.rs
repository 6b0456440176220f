//! Products with their one variant (`mailchimp.md` 5.4).

use ledgerpost_core::Amount;
use ledgerpost_core::change::ProductBody;
use ledgerpost_core::ids::{ProductId, StoreId};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::page::{Page, Pages};
use crate::refusal::Reason;
use crate::request::{Request, Write};

/// A product, as listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProductSummary {
    /// Its id.
    pub id: ProductId,
    /// Its title.
    #[serde(default)]
    pub title: String,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    variants: [Variant<'a>; 1],
}

#[derive(Serialize)]
struct Variant<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Amount>,
}

/// A product's own fields, for servers without PUT.
#[derive(Serialize)]
struct Patch<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// Requests for products.
pub mod requests {
    use super::{Body, Patch, ProductBody, ProductId, Request, StoreId, Variant, Write};

    fn variant(product: &ProductBody) -> Variant<'_> {
        Variant {
            id: product.id.as_str(),
            title: &product.title,
            sku: product.sku.as_deref(),
            price: product.price,
        }
    }

    fn body(product: &ProductBody) -> Body<'_> {
        Body {
            id: product.id.as_str(),
            title: &product.title,
            description: product.description.as_deref(),
            variants: [variant(product)],
        }
    }

    /// Lists a store's products.
    pub fn list_products(store: &StoreId) -> Request {
        Request::new(
            "GET /ecommerce/stores/{store_id}/products",
            &[store.as_str()],
        )
        .query("fields", "products.id,products.title,total_items")
    }

    /// Creates or replaces a product with its variant.
    pub fn put_product(store: &StoreId, product: &ProductBody) -> Write {
        Write::new(
            Request::new(
                "PUT /ecommerce/stores/{store_id}/products/{product_id}",
                &[store.as_str(), product.id.as_str()],
            )
            .body(&body(product)),
        )
    }

    /// Creates a product, for servers without PUT.
    pub fn create_product(store: &StoreId, product: &ProductBody) -> Write {
        Write::new(
            Request::new(
                "POST /ecommerce/stores/{store_id}/products",
                &[store.as_str()],
            )
            .body(&body(product)),
        )
    }

    /// Changes a product's own fields, for servers without PUT.
    pub fn patch_product(store: &StoreId, product: &ProductBody) -> Write {
        Write::new(
            Request::new(
                "PATCH /ecommerce/stores/{store_id}/products/{product_id}",
                &[store.as_str(), product.id.as_str()],
            )
            .body(&Patch {
                title: &product.title,
                description: product.description.as_deref(),
            }),
        )
    }

    /// Creates or replaces a product's variant, for servers without PUT on products.
    pub fn put_variant(store: &StoreId, product: &ProductBody) -> Write {
        Write::new(
            Request::new(
                "PUT /ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
                &[store.as_str(), product.id.as_str(), product.id.as_str()],
            )
            .body(&variant(product)),
        )
    }

    /// Removes a product.
    pub fn remove_product(store: &StoreId, product: &ProductId) -> Write {
        Write::new(Request::new(
            "DELETE /ecommerce/stores/{store_id}/products/{product_id}",
            &[store.as_str(), product.as_str()],
        ))
    }
}

#[derive(Deserialize)]
struct ProductPage {
    products: Vec<ProductSummary>,
    #[serde(default)]
    total_items: u64,
}

impl From<ProductPage> for Page<ProductSummary> {
    fn from(page: ProductPage) -> Self {
        Self::new(page.products, page.total_items)
    }
}

impl Client {
    /// Lists a store's products page by page.
    pub fn list_products(&self, store: &StoreId) -> Pages<ProductSummary> {
        self.pages::<ProductPage, _>(requests::list_products(store))
    }

    /// Creates or replaces a product. Older servers lack PUT: there it is created, or changed when it
    /// exists (`mailchimp.md` 5.4).
    pub async fn put_product(&self, store: &StoreId, product: &ProductBody) -> Result<(), Error> {
        let put = self.write(&requests::put_product(store, product)).await;
        match put {
            Err(error) if error.is(Reason::MethodNotAllowed) || error.is(Reason::NotFound) => {
                self.put_product_without_put(store, product).await
            }
            other => other,
        }
    }

    /// Creates or changes a product without PUT; what to do about a batch's result that says
    /// [`Reason::MethodNotAllowed`] or [`Reason::NotFound`].
    pub async fn put_product_without_put(
        &self,
        store: &StoreId,
        product: &ProductBody,
    ) -> Result<(), Error> {
        let created = self.write(&requests::create_product(store, product)).await;
        match created {
            Err(error) if error.is(Reason::ProductExists) => {
                self.write(&requests::patch_product(store, product)).await?;
                self.write(&requests::put_variant(store, product)).await
            }
            other => other,
        }
    }

    /// Removes a product; one that is gone already counts as removed.
    pub async fn remove_product(&self, store: &StoreId, product: &ProductId) -> Result<(), Error> {
        self.remove(&requests::remove_product(store, product)).await
    }
}
