//! Mapping guess, rules and fixes over a table, or over what one edit touches. Pure.
