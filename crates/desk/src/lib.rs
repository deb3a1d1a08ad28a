//! The desktop's use cases and its ledger. Knows no window.
