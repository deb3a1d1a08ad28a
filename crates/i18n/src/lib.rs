//! The texts that Rust writes, in English, Brazilian Portuguese and Spanish.
