//! What passes for a document, and what does not, seen from outside.

mod answers;
mod checkpoints;
mod forms;
mod properties;
mod revocations;
mod rings;
mod support;
mod time;
