//! Forms of even order with mixed derivatives that let waves of some direction grow.
//!
//! A wave `exp(i·ξ·x)` of `u_t = Σ aᵢⱼ ∂ᵢ∂ⱼu` decays as `exp(−t·Σ aᵢⱼ ξᵢ ξⱼ)`: every direction is safe when the symmetric
//! matrix has no negative eigenvalue. Factors on its diagonal are looked at by [`super::ill_posed`]; here those are sound,
//! and a mixed derivative outweighs them. Of higher orders the form `Σ a_α ξ^α` is looked at in many directions of each
//! plane of two coordinates: what is found there is certain, and what is not found is passed over in silence.

use super::Check;
use super::lowered::Lowered;
use super::values::{Formula, Places, place, short};
use crate::classify::{coefficient, eigenvalues};
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, Equation, FieldId, Role};
use crate::jet::NodeId;

/// Coordinates of which the matrix is looked at.
const LARGEST: usize = 32;
/// An eigenvalue is negative below this share of the largest one.
const ZERO: f64 = 1e-9;
/// Points at which matrices of more than two coordinates are looked at.
const POINTS: usize = 400;

/// Directions that are looked at in a plane, over half a turn.
const DIRECTIONS: u32 = 360;
/// Coordinates of which all planes are looked at.
const PLANES: usize = 6;
/// Points at which forms of higher order are looked at.
const FEW: usize = 40;

impl Check<'_> {
    /// A direction in which `sign·(factors of highest order)/leading` is negative, anywhere.
    pub(super) fn indefinite_form(
        &self,
        lowered: &mut Lowered,
        number: usize,
        field: FieldId,
        leading: NodeId,
        (sign, order): (f64, usize),
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let residual = *lowered.equations.get(number)?;
        let equation = problem.equations.get(number)?;
        let space: Vec<usize> = problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Space)
            .map(|(id, _)| id.index())
            .collect();
        let mut entries: Vec<(Vec<usize>, NodeId)> = Vec::new();
        for (function, index) in lowered.jets(residual) {
            let by: Vec<usize> = index.coordinates().collect();
            let spatial = by.iter().all(|c| space.contains(c));
            if function != field.index() || by.len() != order || !spatial {
                continue;
            }
            let factor = coefficient(&mut lowered.graph, residual, &(function, index));
            let share = lowered.graph.product(&[(factor, 1), (leading, -1)]);
            entries.push((by, share));
        }
        let open = entries.iter().any(|(_, node)| lowered.is_open(*node));
        if open || !(2..=PLANES).contains(&space.len()) {
            return None;
        }
        let nodes: Vec<NodeId> = entries.iter().map(|(_, node)| *node).collect();
        let formula = Formula::new(&lowered.graph, &nodes, &lowered.parameters);
        let places = Places::new(problem, &formula.coordinates, &[], formula.len());
        let stride = places.points.len().div_ceil(FEW).max(1);
        let planes = space.iter().enumerate().flat_map(|(i, first)| {
            let further = space[i + 1..].iter();
            further.map(move |second| [*first, *second])
        });
        let planes: Vec<[usize; 2]> = planes.collect();
        let mut values = Vec::new();
        for point in places.points.iter().step_by(stride) {
            formula.evaluate(point, &mut values);
            for plane in &planes {
                for step in 0..DIRECTIONS {
                    let angle = std::f64::consts::PI * f64::from(step) / f64::from(DIRECTIONS);
                    let along = [libm::cos(angle), libm::sin(angle)];
                    let (mut form, mut size) = (0.0, 0.0);
                    for (by, node) in &entries {
                        let wave = by.iter().map(|c| {
                            let at = plane.iter().position(|it| it == c);
                            at.map_or(0.0, |at| along[at])
                        });
                        let term = sign * values[formula.position(*node)?] * wave.product::<f64>();
                        form += term;
                        size += term.abs();
                    }
                    if form.is_finite() && form < -ZERO * size {
                        let mentioned: Vec<usize> = formula.coordinates.iter().copied().collect();
                        let somewhere = if mentioned.is_empty() {
                            String::new()
                        } else {
                            format!(" at {}", place(problem, point, &mentioned))
                        };
                        let names = plane.map(|c| {
                            let id = crate::arena::Id::from_index(c);
                            let coordinate: &crate::hir::Coordinate = &problem.coordinates[id];
                            coordinate.name.clone()
                        });
                        return Some(grows(equation, &somewhere, order, &names, along));
                    }
                }
            }
        }
        None
    }

    /// A negative eigenvalue of `sign·(second-order factors)/leading`, anywhere.
    pub(super) fn indefinite(
        &self,
        lowered: &mut Lowered,
        number: usize,
        field: FieldId,
        leading: NodeId,
        sign: f64,
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let residual = *lowered.equations.get(number)?;
        let equation = problem.equations.get(number)?;
        let space: Vec<CoordinateId> = problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role == Role::Space)
            .map(|(id, _)| id)
            .collect();
        let at = |c: usize| space.iter().position(|id| id.index() == c);
        let mut entries: Vec<([usize; 2], NodeId)> = Vec::new();
        for (function, index) in lowered.jets(residual) {
            let by: Vec<usize> = index.coordinates().collect();
            let [first, second] = by.as_slice() else {
                continue;
            };
            let (true, Some(i), Some(j)) = (function == field.index(), at(*first), at(*second))
            else {
                continue;
            };
            let factor = coefficient(&mut lowered.graph, residual, &(function, index));
            let share = lowered.graph.product(&[(factor, 1), (leading, -1)]);
            entries.push(([i, j], share));
        }
        let mixed = entries.iter().find(|([i, j], _)| i != j)?.0;
        let open = entries.iter().any(|(_, node)| lowered.is_open(*node));
        if open || space.len() > LARGEST {
            return None;
        }
        let nodes: Vec<NodeId> = entries.iter().map(|(_, node)| *node).collect();
        let formula = Formula::new(&lowered.graph, &nodes, &lowered.parameters);
        let places = Places::new(problem, &formula.coordinates, &[], formula.len());
        let stride = places.points.len().div_ceil(POINTS).max(1);
        let mut values = Vec::new();
        let mut worst: Option<(f64, &Vec<f64>)> = None;
        let mut everywhere = true;
        for point in places.points.iter().step_by(stride) {
            formula.evaluate(point, &mut values);
            let mut matrix = vec![vec![0.0; space.len()]; space.len()];
            for ([i, j], node) in &entries {
                let value = sign * values[formula.position(*node)?];
                let half = if i == j { value } else { 0.5 * value };
                matrix[*i][*j] = half;
                matrix[*j][*i] = half;
            }
            if matrix.iter().flatten().any(|value| !value.is_finite()) {
                continue;
            }
            let found = eigenvalues(matrix);
            let largest = found.iter().fold(0.0, |most: f64, e| most.max(e.abs()));
            let least = found.iter().fold(f64::INFINITY, |least, e| least.min(*e));
            let negative = least < -ZERO * largest;
            everywhere &= negative;
            if negative && worst.is_none_or(|(other, _)| least < other) {
                worst = Some((least, point));
            }
        }
        let (least, point) = worst?;
        let mentioned: Vec<usize> = formula.coordinates.iter().copied().collect();
        let somewhere = if everywhere {
            String::new()
        } else {
            format!(" at {}", place(problem, point, &mentioned))
        };
        let name = &problem.fields[field].name;
        let [i, j] = mixed.map(|k| space[k]);
        let derivative = subscripted(problem, name, &[i, j]);
        Some(
            Diagnostic::warning(
                "ill-posed",
                format!(
                    "waves of some direction grow without bound in `{}`{somewhere}",
                    equation.label
                ),
                equation.span,
                format!("`{derivative}` outweighs the derivatives that damp"),
            )
            .with_note(format!(
                "The symmetric matrix of the factors of second derivatives, half of that of `{derivative}` on either \
                 side, has the eigenvalue {}: along its eigenvector this is heat flowing backward. The shorter such a \
                 wave is, the faster it grows.",
                short(least)
            ))
            .with_help(format!(
                "is the factor of `{derivative}` right? Of `a·u_xx + 2b·u_xy + c·u_yy` it is 2b, and b² ≤ a·c"
            )),
        )
    }
}

fn grows(
    equation: &Equation,
    somewhere: &str,
    order: usize,
    [first, second]: &[String; 2],
    along: [f64; 2],
) -> Diagnostic {
    Diagnostic::warning(
        "ill-posed",
        format!(
            "waves of some direction grow without bound in `{}`{somewhere}",
            equation.label
        ),
        equation.span,
        "a mixed derivative outweighs those that damp",
    )
    .with_note(format!(
        "Derivatives of order {order} together let a wave along {first} : {second} = {} : {} grow, the faster the \
         shorter it is.",
        short(along[0]),
        short(along[1])
    ))
    .with_help("are the signs and factors of the mixed derivatives right?")
}
