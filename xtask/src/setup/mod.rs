//! Finds out what the machine lacks and installs it. What is there already costs nothing.

mod node;
mod python;
mod rust;
mod system;

use crate::folders::Folders;

/// What a command needs before it can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A C compiler and what native dependencies are built with.
    Compiler,
    /// rustfmt and clippy.
    RustComponents,
    Nextest,
    Deny,
    /// Biome, from npm.
    Biome,
    /// The Python packages of `tests/peers`.
    Python,
}

const ALL: [Need; 6] = [
    Need::Compiler,
    Need::RustComponents,
    Need::Biome,
    Need::Python,
    Need::Nextest,
    Need::Deny,
];

/// Installs everything that building and testing need.
pub fn everything(folders: &Folders) -> Result<(), String> {
    for need in ALL {
        ready(folders, need)?;
    }
    println!("everything is there");
    Ok(())
}

/// Makes sure of one need. The error says what to do by hand.
pub fn ready(folders: &Folders, need: Need) -> Result<(), String> {
    match need {
        Need::Compiler => system::compiler(folders),
        Need::RustComponents => rust::components(folders),
        Need::Nextest => rust::tool(folders, &rust::NEXTEST),
        Need::Deny => rust::tool(folders, &rust::DENY),
        Need::Biome => node::biome(folders),
        Need::Python => python::venv(folders),
    }
}

pub use node::biome_path;
pub use python::python_in;
pub use rust::{DENY, NEXTEST, tool_path};
