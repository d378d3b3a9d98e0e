//! What passes for a document, and what does not, seen from outside.

mod answers;
mod forms;
mod properties;
mod rings;
mod support;
