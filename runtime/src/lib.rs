//! The runtime of `pdec`: executes training programs.
//!
//! [`engine`] runs a program on the CPU, [`sampling`] draws points, [`optimise`] minimises, [`train`] puts
//! them together, [`solution`] is what comes out; [`plot`] draws it. [`math`] has the vector functions under
//! it all, [`state`] is how a run is saved and goes on, [`run_folder`] the files of a run.
//!
//! # From a text to values
//!
//! A problem is a text, and so is everything that `pdec train` takes. [`pdec_compiler::front::read`] checks it,
//! [`train::train`] trains it, [`solution::Solution::evaluate`] gives values: for each field a vector of as many values as
//! there are points, in the units of the problem. Points are columns, one for each coordinate in the order of their
//! declarations.
//!
//! ```
//! use pdec_compiler::{front, source::Source};
//! use pdec_runtime::solution::Points;
//! use pdec_runtime::train::{Observer, Options, Report, train};
//!
//! /// Hears every report, and never stops.
//! struct Listener(usize);
//!
//! impl Observer for Listener {
//!     fn report(&mut self, _report: &Report) {
//!         self.0 += 1;
//!     }
//!     fn stop(&self) -> bool {
//!         false
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = Source::new(
//!     "heat.pde",
//!     "coord x in [0, 1]
//!      time t in [0, 0.5]
//!      field u(x, t)
//!      param alpha = 0.05
//!      eq heat: u_t = alpha*u_xx
//!      initial u = sin(pi*x)
//!      on x = 0, x = 1: u = 0",
//! );
//! // Or every mistake in the text, each with its place and how to mend it.
//! let read = front::read(&source, &[]).map_err(|findings| findings[0].diagnostic.message.clone())?;
//! let options = Options {
//!     seed: 0,
//!     threads: 1,
//!     time_limit: None,
//!     target: None,
//! };
//! let mut listener = Listener(0);
//! let outcome = train(&read.problem, &read.settings, &options, &mut listener)?;
//!
//! let points = Points {
//!     coordinates: vec![vec![0.5, 0.25], vec![0.5, 0.1]], // x, t
//! };
//! let u = &outcome.solution.evaluate(&points)[0];
//! for (point, value) in u.iter().enumerate() {
//!     let (x, t) = (points.coordinates[0][point], points.coordinates[1][point]);
//!     let pi = std::f64::consts::PI;
//!     let exact = (-0.05 * pi * pi * t).exp() * (pi * x).sin();
//!     assert!((value - exact).abs() < 1e-6);
//! }
//! assert!(listener.0 > 0);
//! println!("{} after {} steps", outcome.stopped.name(), outcome.steps);
//! # Ok(())
//! # }
//! ```
//!
//! An observer that returns `true` from [`wants_state`](train::Observer::wants_state) is handed everything that the run needs
//! to go on; [`train::resume`] takes it, and the outcome is the same to the bit.

mod atomic;
pub mod data;
pub mod engine;
pub mod errors;
pub mod export;
pub mod math;
mod narrow;
pub mod optimise;
pub mod plot;
pub mod report;
pub mod run_folder;
pub mod sampling;
pub mod solution;
pub mod state;
pub mod table;
pub mod train;
