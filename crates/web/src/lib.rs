//! HTTP and Socket.IO into use-case calls and back. Decides how a question is asked and how an answer is written;
//! refuses to know any rule of trading and any SQL.

pub mod assets;
pub mod config;
pub mod errors;
pub mod gate;
pub mod layer;
pub mod openapi;
pub mod problem;
pub mod rate;
pub mod request;
pub mod routes;
pub mod serve;
pub mod session;
pub mod socket;
pub mod state;
pub mod view;

pub use config::{Demo, Deps, Part, PartState, Readiness, WebConfig};
pub use serve::{ServeError, Web, serve};
pub use socket::{SocketHandle, Tasks};
