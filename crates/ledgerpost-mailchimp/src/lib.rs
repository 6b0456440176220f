//! A client for the Mailchimp Marketing API.
