//! Problems in one periodic coordinate and time as systems for functions on a circle.
//!
//! * Input: a [`Problem`].
//! * Output: an [`Evolution`]: its residuals as one kernel of jets, their derivatives by each jet as another, and the initial
//!   values as a third; or none, where the problem is anything else.
//! * Invariants: equations differentiate by both coordinates; there are as many equations as fields, every field depends on both coordinates, and its value and time
//!   derivatives below its order in time are given at the beginning, and nothing else is.

use super::draft::names;
use crate::function::Algebra;
use crate::hir::{Problem, Role};
use crate::jet::{self, MultiIndex, NodeId};
use crate::kernel::{self, Kernel, Leaf};

/// A derivative of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jet {
    /// The field.
    pub field: usize,
    /// The order in space.
    pub space: usize,
    /// The order in time.
    pub time: usize,
}

/// A system of equations for periodic functions of one coordinate and time.
#[derive(Clone, Debug)]
pub struct Evolution {
    /// The periodic coordinate.
    pub space: usize,
    /// The coordinate of time.
    pub time: usize,
    /// The order in time of each field: so many of its time derivatives are given at the beginning.
    pub orders: Vec<usize>,
    /// What residuals are made of.
    pub jets: Vec<Jet>,
    /// The residuals, one for each equation, of the coordinates and then the jets.
    pub residuals: Kernel,
    /// The derivative of each residual by each jet, equation after equation, of the same inputs.
    pub slopes: Kernel,
    /// Value and time derivatives of each field at the beginning, field after field, of the coordinates.
    pub start: Kernel,
}

/// The problem as a system for functions on a circle, where it is one.
#[must_use]
pub fn evolution(problem: &Problem) -> Option<Evolution> {
    let nothing_else = problem.unknowns.is_empty()
        && problem.observations.is_empty()
        && problem.energies.is_empty()
        && problem.constraints.is_empty()
        && problem.between.is_empty()
        && problem.domain.is_none()
        && problem.unsupported.is_empty()
        && problem.equations.len() == problem.fields.len();
    let time = problem.time()?.index();
    let mut coordinates = problem.coordinates.iter();
    let (id, space) = coordinates.find(|(id, _)| id.index() != time)?;
    let whole = problem.fields.iter().all(|(_, field)| {
        field.sought.is_none() && field.arguments.len() == problem.coordinates.len()
    });
    let circle = space.role == Role::Space && space.periodic && problem.coordinates.len() == 2;
    if !nothing_else || !circle || !whole {
        return None;
    }
    let space = id.index();
    let mut lowering = jet::lower(problem);
    let equations = lowering.equations.clone();
    let graph = &mut lowering.graph;
    let found = graph.jets(&equations);
    let jets: Vec<Jet> = found
        .iter()
        .map(|(field, index)| Jet {
            field: *field,
            space: index.order_in(space),
            time: index.order_in(time),
        })
        .collect();
    // Without derivatives in space or time there are no waves to follow.
    let of_space = jets.iter().any(|jet| jet.space > 0);
    let of_time = jets.iter().any(|jet| jet.time > 0);
    if !(of_space && of_time) {
        return None;
    }
    let orders: Vec<usize> = (0..problem.fields.len())
        .map(|field| {
            let own = jets.iter().filter(|jet| jet.field == field);
            own.map(|jet| jet.time).max().unwrap_or(0)
        })
        .collect();
    // The beginning: one condition for each value that it needs, and no other.
    let mut given = Vec::new();
    for (field, &order) in orders.iter().enumerate() {
        for k in 0..order {
            let wanted = graph.jet(field, MultiIndex::new(vec![time; k]));
            let number = (0..problem.conditions.len()).find(|&number| {
                problem.is_initial(problem.conditions[number].part)
                    && lowering.condition_operators[number] == wanted
                    && graph.jets(&[lowering.condition_values[number]]).is_empty()
            })?;
            given.push((
                problem.conditions[number].label.clone(),
                lowering.condition_values[number],
            ));
        }
    }
    if given.len() != problem.conditions.len() {
        return None;
    }
    let leaves: Vec<NodeId> = found
        .iter()
        .map(|(field, index)| graph.jet(*field, index.clone()))
        .collect();
    let zero = graph.number(0.0);
    let mut slopes = Vec::new();
    for (equation, &root) in problem.equations.iter().zip(&equations) {
        let partials = graph.partials(root, &leaves);
        for leaf in &leaves {
            let slope = partials.get(leaf).copied().unwrap_or(zero);
            slopes.push((equation.label.clone(), slope));
        }
    }
    let labels = problem.equations.iter().map(|it| it.label.clone());
    let residuals: Vec<(String, NodeId)> = labels.zip(equations).collect();
    let coordinates: Vec<Leaf> = (0..problem.coordinates.len())
        .map(Leaf::Coordinate)
        .collect();
    let mut inputs = coordinates.clone();
    inputs.extend(
        found
            .into_iter()
            .map(|(field, index)| Leaf::Jet(field, index)),
    );
    let names = names(problem);
    let lower = |name: &str, inputs: &[Leaf], outputs: &[(String, NodeId)]| {
        kernel::lower(graph, &names, name, inputs, outputs)
    };
    Some(Evolution {
        space,
        time,
        orders,
        jets,
        residuals: lower("residuals", &inputs, &residuals),
        slopes: lower("slopes", &inputs, &slopes),
        start: lower("start", &coordinates, &given),
    })
}
