//! QuickBooks Online and Mailchimp on loopback, from the references, refusing what they refuse.
