//! Problems in one coordinate and time as systems for functions on a circle.
//!
//! * Input: a [`Problem`].
//! * Output: an [`Evolution`]: its residuals as one kernel of jets, their derivatives by each jet as another, and the initial
//!   values as a third; or none, where the problem is anything else.
//! * Invariants: equations differentiate by both coordinates; there are as many equations as fields, every field depends on
//!   both coordinates, and its value and time derivatives below its order in time are given at the beginning. Beside that
//!   the coordinate is periodic, or derivatives of fields vanish at its ends, at each end those of even order or those of
//!   odd order: a field that goes on beyond a wall as its mirror image (with the other sign where even ones vanish) is
//!   smooth there, and periodic.

use super::draft::names;
use crate::function::Algebra;
use crate::hir::{Problem, Role, Side};
use crate::jet::{self, Lowering, MultiIndex, NodeId};
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

/// What a field is to its mirror image at a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// The same: derivatives of odd order vanish.
    Even,
    /// The same with the other sign: derivatives of even order vanish.
    Odd,
}

/// Why functions of space live on a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The coordinate is periodic.
    Periodic,
    /// Fields are mirrored at the low end and at the high end, by field, as their conditions there say. None where a field
    /// has no condition at an end.
    Walls(Vec<[Option<Parity>; 2]>),
}

/// A system of equations for functions of one coordinate, on a circle, and time.
#[derive(Clone, Debug)]
pub struct Evolution {
    /// The coordinate of space.
    pub space: usize,
    /// What happens at its ends.
    pub ends: Ends,
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
    let one = space.role == Role::Space && problem.coordinates.len() == 2;
    if !nothing_else || !one || !whole {
        return None;
    }
    let periodic = space.periodic;
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
    let mut used = vec![false; problem.conditions.len()];
    for (field, &order) in orders.iter().enumerate() {
        for k in 0..order {
            let wanted = graph.jet(field, MultiIndex::new(vec![time; k]));
            let number = (0..problem.conditions.len()).find(|&number| {
                problem.is_initial(problem.conditions[number].part)
                    && lowering.condition_operators[number] == wanted
                    && graph.jets(&[lowering.condition_values[number]]).is_empty()
            })?;
            used[number] = true;
            given.push((
                problem.conditions[number].label.clone(),
                lowering.condition_values[number],
            ));
        }
    }
    let others: Vec<usize> = (0..used.len()).filter(|&number| !used[number]).collect();
    let ends = if !periodic {
        walls(problem, &mut lowering, space, &others)?
    } else if others.is_empty() {
        Ends::Periodic
    } else {
        return None;
    };
    let graph = &mut lowering.graph;
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
        ends,
        time,
        orders,
        jets,
        residuals: lower("residuals", &inputs, &residuals),
        slopes: lower("slopes", &inputs, &slopes),
        start: lower("start", &coordinates, &given),
    })
}

/// The mirrors that these conditions make of the ends of space, where they do.
fn walls(
    problem: &Problem,
    lowering: &mut Lowering,
    space: usize,
    conditions: &[usize],
) -> Option<Ends> {
    let mut ends = vec![[None; 2]; problem.fields.len()];
    for &number in conditions {
        let part = problem.conditions[number].part;
        if part.coordinate.index() != space {
            return None;
        }
        let end = match part.side {
            Side::Low => 0,
            Side::High => 1,
        };
        let graph = &mut lowering.graph;
        let root = lowering.conditions[number];
        let [(field, index)] = graph.jets(&[root]).try_into().ok()?;
        let leaf = graph.jet(field, index.clone());
        let slope = *graph.partials(root, &[leaf]).get(&leaf)?;
        let slope = graph.as_number(slope).filter(|slope| *slope != 0.0)?;
        // Nothing but a number times one derivative in space.
        if graph.sum(&[(root, 1.0), (leaf, -slope)], 0.0) != graph.number(0.0)
            || index.order() != index.order_in(space)
        {
            return None;
        }
        let parity = if index.order() % 2 == 0 {
            Parity::Odd
        } else {
            Parity::Even
        };
        let known: &mut Option<Parity> = &mut ends[field][end];
        if known.is_some_and(|known| known != parity) {
            return None;
        }
        *known = Some(parity);
    }
    Some(Ends::Walls(ends))
}
