//! Second-order forms with mixed derivatives that let waves of some direction grow.
//!
//! A wave `exp(i·ξ·x)` of `u_t = Σ aᵢⱼ ∂ᵢ∂ⱼu` decays as `exp(−t·Σ aᵢⱼ ξᵢ ξⱼ)`: every direction is safe when the symmetric
//! matrix has no negative eigenvalue. Factors on its diagonal are looked at by [`super::ill_posed`]; here those are sound,
//! and a mixed derivative outweighs them.

use super::Check;
use super::lowered::Lowered;
use super::values::{Formula, Places, place, short};
use crate::classify::{coefficient, eigenvalues};
use crate::diagnostic::Diagnostic;
use crate::hir::print::subscripted;
use crate::hir::{CoordinateId, FieldId, Role};
use crate::jet::NodeId;

/// Coordinates of which the matrix is looked at.
const LARGEST: usize = 32;
/// An eigenvalue is negative below this share of the largest one.
const ZERO: f64 = 1e-9;
/// Points at which matrices of more than two coordinates are looked at.
const POINTS: usize = 400;

impl Check<'_> {
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
