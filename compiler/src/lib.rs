//! The compiler of `pdec`: text in, kernels and a training program or diagnostics out. No IO.
//!
//! ```text
//! text ─syntax→ Document ─hir→ Problem ─jet→ Graph ─network, program→ Program of kernels ─backend→ code
//! ```
//!
//! Each stage is a folder named after what it holds: [`syntax`], [`hir`], [`jet`], [`network`], [`kernel`],
//! [`program`], [`backend`]. Its module documentation says input, output and invariants.
//!
//! # From a text to a checked problem
//!
//! Users of the library need few of these modules: [`source`] holds a text and its places, [`front`] reads and checks it in one
//! call, [`diagnostic`] is what it finds, [`hir`] the problem that it understands (coordinates, fields, their units), [`settings`]
//! how it is to be trained, and [`latex`] states it for people. The crate `pdec-runtime` trains it and has an example. The other
//! modules are the stages in between, open to tools and to tests.
//!
//! ```
//! use pdec_compiler::{front, latex::latex, source::Source, syntax};
//!
//! let text = "
//! coord x [mm] in [0, 100]
//! time t [s] in [0, 100]
//! field T(x, t) [K]
//! param alpha [m^2/s] = 1.2e-5
//! eq heat: T_t = alpha*T_xx
//! initial T = 300[K]
//! on x = 0: T = 300[K]
//! on x = 100: T_x = 0";
//! let source = Source::new("rod.pde", text);
//! let read = match front::read(&source, &[]) {
//!     Ok(read) => read,
//!     Err(findings) => {
//!         for finding in &findings {
//!             println!("{}", finding.diagnostic.message);
//!         }
//!         panic!("the text above is correct")
//!     }
//! };
//! assert_eq!(read.problem.equations[0].label, "heat");
//! assert_eq!(read.problem.label_with_unit("heat"), "heat [K/s]");
//! // For a paper, or for the next reader.
//! let document = syntax::parse(&source).expect("it has been read before");
//! assert!(latex(&document, &read.problem).contains("T_{t}") || latex(&document, &read.problem).contains("T_t"));
//!
//! // What is wrong in a text, all of it: a name that scripts can rely on, a sentence, the place, how to mend it.
//! let slip = Source::new("slip.pde", text.replace("= alpha*T_xx", "= alpha*T_xy"));
//! let findings = front::read(&slip, &[]).expect_err("there is no y");
//! let diagnostic = &findings[0].diagnostic;
//! assert!(diagnostic.is_error());
//! let line = 1 + slip.text[..diagnostic.primary.span.range().start].matches('\n').count();
//! println!(
//!     "{}:{line}: {} [{}]; {}",
//!     slip.name,
//!     diagnostic.message,
//!     diagnostic.name,
//!     diagnostic.help.as_deref().unwrap_or("no advice")
//! );
//! assert_eq!(line, 6);
//! ```

pub mod analysis;
pub mod arena;
pub mod backend;
pub mod classify;
pub mod diagnostic;
pub mod front;
pub mod function;
mod hash;
pub mod hir;
pub mod jet;
pub mod kernel;
pub mod latex;
pub mod network;
pub mod precision;
pub mod program;
mod sample;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod variation;
pub mod verify_exact;
