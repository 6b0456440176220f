//! A reading client for the QuickBooks Online Accounting API.
