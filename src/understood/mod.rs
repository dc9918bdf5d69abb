//! What the compiler understood of a problem, as plain data: what `pdec check` prints and what `pdec check --json`
//! writes are the same thing.
//!
//! The fields of [`Understood`] are the keys of the JSON object, in this order; `docs/check-json.md` describes them.

mod counts;
mod minimiser;
mod orders;
mod statement;
mod training;

pub use counts::Count;
pub use minimiser::Minimiser;
pub use statement::{
    Condition, Constraint, Coordinate, Energy, Equation, Exact, Field, Group, Interval,
    Observation, Parameter, Reference, Unknown,
};
pub use training::{Carried, Network, Setting};

use crate::input::Loaded;
use pdec_compiler::analysis::{Analysis, analyse};
use pdec_compiler::function::Algebra;
use pdec_compiler::hir::{Problem, Role};
use pdec_compiler::jet::{self, Node};
use pdec_compiler::program::Outline;
use serde::Serialize;

/// Everything that was understood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Understood {
    /// The title, or the name of the file.
    pub title: String,
    /// Coordinates, time and families among them.
    pub coordinates: Vec<Coordinate>,
    /// All real scalar fields, the components of vectors among them.
    pub fields: Vec<Field>,
    /// Vector and complex fields, by their components.
    pub groups: Vec<Group>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Numbers that are sought.
    pub unknowns: Vec<Unknown>,
    /// Equations with their class.
    pub equations: Vec<Equation>,
    /// Conditions with how each is met.
    pub conditions: Vec<Condition>,
    /// How many conditions each field needs in each direction, and has.
    pub counts: Vec<Count>,
    /// Measured data that is trained on.
    pub observations: Vec<Observation>,
    /// What is made as small as can be.
    pub energies: Vec<Energy>,
    /// Conditions on the solution as a whole.
    pub constraints: Vec<Constraint>,
    /// What the energies' minimiser satisfies; none without energies.
    pub minimiser: Option<Minimiser>,
    /// The problem as a whole.
    pub altogether: Altogether,
    /// Solutions that are claimed to be exact.
    pub exact: Vec<Exact>,
    /// Tabulated solutions.
    pub references: Vec<Reference>,
    /// The jets that each term of the loss carries; none where the problem cannot be trained yet.
    pub jets: Option<Vec<Carried>>,
    /// The network; none where the problem cannot be trained yet.
    pub network: Option<Network>,
    /// The settings as resolved.
    pub settings: Vec<Setting>,
}

/// The problem as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Altogether {
    /// Whether every equation and condition is affine in the fields.
    pub linear: bool,
    /// Whether every equation and condition is affine in the unknown numbers; none where there are none.
    pub linear_in_unknowns: Option<bool>,
    /// Whether numbers are sought with which a problem that zero solves has other solutions.
    pub eigenvalue: bool,
    /// Whether there is time.
    pub in_time: bool,
    /// The highest order of differentiation by each coordinate.
    pub orders: Vec<Order>,
    /// The names of the fields, those together that equations or conditions tie together.
    pub coupled: Vec<Vec<String>>,
}

/// The highest order of differentiation by one coordinate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Order {
    /// The coordinate.
    pub coordinate: String,
    /// The order.
    pub order: usize,
}

impl Understood {
    /// Looks a loaded problem over. `name` stands in for a title; `outline` is none for what cannot be trained yet.
    pub fn new(name: &str, loaded: &Loaded, outline: Option<&Outline>) -> Self {
        let problem = &loaded.front.problem;
        let title = problem.title.clone();
        // Of an energy, what its minimiser satisfies is counted, with the conditions that it meets of itself.
        let stationary = (!problem.energies.is_empty())
            .then(|| pdec_compiler::variation::stationary(problem).ok())
            .flatten()
            .filter(|it| it.missing.is_empty());
        let counted = stationary.as_ref().map_or(problem, |it| &it.problem);
        let orders = orders::Orders::new(counted);
        Self {
            title: title.unwrap_or_else(|| name.to_owned()),
            coordinates: statement::coordinates(problem),
            fields: statement::fields(problem),
            groups: statement::groups(problem),
            parameters: statement::parameters(problem, &loaded.source),
            unknowns: statement::unknowns(problem),
            equations: statement::equations(problem, &loaded.source),
            conditions: statement::conditions(problem, &loaded.source, outline),
            counts: counts::counts(counted, &orders),
            observations: statement::observations(problem),
            energies: statement::energies(problem, &loaded.source),
            constraints: statement::constraints(problem, &loaded.source),
            minimiser: minimiser::minimiser(problem),
            altogether: altogether(problem),
            exact: statement::exact(&loaded.front),
            references: statement::references(loaded),
            jets: outline.map(training::jets),
            network: outline.map(|outline| training::network(outline, &loaded.front.settings)),
            settings: training::settings(&loaded.front.settings),
        }
    }
}

/// Whether zero satisfies all equations and conditions.
fn zero_solves(problem: &Problem) -> bool {
    let mut lowering = jet::lower(problem);
    let statements = [&lowering.equations[..], &lowering.conditions[..]].concat();
    let at_zero = lowering.graph.substitute(&statements, |graph, leaf| {
        matches!(leaf, Node::Jet { .. }).then(|| graph.number(0.0))
    });
    let mut values = at_zero.iter();
    values.all(|value| lowering.graph.as_number(*value) == Some(0.0))
}

/// Of energies, the problem that their minimiser solves.
fn altogether(problem: &Problem) -> Altogether {
    let stationary = pdec_compiler::variation::stationary(problem).ok();
    let problem = stationary.as_ref().map_or(problem, |it| &it.problem);
    let Analysis {
        linear,
        residuals,
        time_dependent,
        orders,
        coupled,
    } = analyse(problem);
    let names: Vec<&str> = problem
        .fields
        .iter()
        .map(|(_, field)| field.name.as_str())
        .collect();
    Altogether {
        linear,
        linear_in_unknowns: (!problem.unknowns.is_empty())
            .then(|| residuals.iter().all(|residual| residual.in_numbers)),
        eigenvalue: !problem.unknowns.is_empty()
            && !time_dependent
            && residuals.iter().all(|residual| residual.in_fields)
            && residuals.iter().any(|residual| !residual.jointly)
            && zero_solves(problem),
        in_time: time_dependent,
        orders: problem
            .coordinates
            .iter()
            .zip(orders)
            // an equation has no order in a parameter
            .filter(|((_, coordinate), _)| coordinate.role != Role::Family)
            .map(|((_, coordinate), order)| Order {
                coordinate: coordinate.name.clone(),
                order,
            })
            .collect(),
        coupled: coupled
            .iter()
            .map(|group| {
                let names = group.iter().map(|&field| names[field].to_owned());
                names.collect()
            })
            .collect(),
    }
}
