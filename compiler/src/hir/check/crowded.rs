//! No more conditions at the ends of a coordinate than the equations can bear.

use super::Check;
use super::blocks::{Block, Blocks};
use super::lowered::Lowered;
use crate::classify::{coefficient, degree};
use crate::diagnostic::Diagnostic;
use crate::hir::print::{part, subscripted};
use crate::hir::{Condition, CoordinateId, FieldId, Role, Side};
use crate::jet::{MultiIndex, Node};
use std::collections::BTreeSet;

impl Check<'_> {
    /// More conditions at the two ends than the order of the equations, and conditions where a field flows out.
    ///
    /// What a block of a system lacks another may have. Where coefficients or numbers are sought, surplus conditions
    /// are what determines them.
    pub(super) fn too_many_conditions(
        &self,
        lowered: &mut Lowered,
        blocks: Option<&Blocks>,
    ) -> Vec<Diagnostic> {
        let problem = self.problem;
        let sought = problem.fields.iter().any(|(_, f)| f.sought.is_some());
        let inverse = sought || !problem.unknowns.is_empty() || !problem.observations.is_empty();
        let Some(blocks) = blocks.filter(|_| !inverse) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let coordinates = problem.coordinates.iter();
        let coordinates = coordinates.filter(|(_, c)| c.role == Role::Space && !c.periodic);
        for (coordinate, _) in coordinates {
            let outflow = self.outflow(lowered, blocks, coordinate);
            let told: BTreeSet<FieldId> = outflow.iter().map(|(field, _)| *field).collect();
            found.extend(outflow.into_iter().map(|(_, diagnostic)| diagnostic));
            for block in &blocks.blocks {
                if block.fields.is_disjoint(&told) {
                    found.extend(self.crowded(lowered, blocks, block, coordinate));
                }
            }
        }
        found
    }

    /// The conditions at the ends of a coordinate that speak of these blocks alone.
    fn conditions_of(&self, of: &[&Block], coordinate: CoordinateId) -> Vec<&Condition> {
        let is_own = |field: &FieldId| of.iter().any(|block| block.fields.contains(field));
        let mut numbers: BTreeSet<usize> = BTreeSet::new();
        for field in of.iter().flat_map(|block| &block.fields) {
            numbers.extend(self.concerning.get(field).into_iter().flatten());
        }
        let conditions = numbers
            .into_iter()
            .map(|number| &self.problem.conditions[number]);
        conditions
            .filter(|condition| condition.part.coordinate == coordinate)
            .filter(|condition| {
                let sides = [condition.left, condition.right];
                let mut fields = sides.iter().flat_map(|side| self.orders.of(*side).keys());
                fields.all(is_own)
            })
            .collect()
    }

    /// How many conditions a block has beyond what it can bear, with how many it can bear.
    fn excess(
        &self,
        blocks: &Blocks,
        of: &[&Block],
        coordinate: CoordinateId,
    ) -> Option<(usize, usize)> {
        let most: Option<usize> = of.iter().map(|block| blocks.most(block, coordinate)).sum();
        // A field that is alone and not differentiated along the coordinate bears nothing there.
        let alone = self.problem.fields.len() == 1 && self.problem.equations.len() == 1;
        let most = most.filter(|most| *most > 0 || alone)?;
        let count = self.conditions_of(of, coordinate).len();
        let excess = count.checked_sub(most).filter(|excess| *excess > 0)?;
        Some((excess, most))
    }

    /// The fields whose lack of conditions at the ends of a coordinate others make up for: with `u_xx = v` and
    /// `v_xx = f`, four conditions on `u` are none too many, and `v` needs none.
    pub(super) fn excused(&self, blocks: &Blocks, coordinate: CoordinateId) -> BTreeSet<FieldId> {
        let mut excused = BTreeSet::new();
        for block in &blocks.blocks {
            let Some(most) = blocks.most(block, coordinate) else {
                continue;
            };
            let count = self.conditions_of(&[block], coordinate).len();
            if count == most && block.fields.len() > 1 {
                excused.extend(&block.fields);
            } else if count > most {
                let closure = blocks.closure(block);
                let most: Option<usize> = closure.iter().map(|b| blocks.most(b, coordinate)).sum();
                if most.is_some_and(|most| self.conditions_of(&closure, coordinate).len() >= most) {
                    excused.extend(closure.iter().flat_map(|block| &block.fields));
                }
            }
        }
        excused
    }

    fn crowded(
        &self,
        lowered: &mut Lowered,
        blocks: &Blocks,
        block: &Block,
        coordinate: CoordinateId,
    ) -> Option<Diagnostic> {
        // Most blocks have no more than they can bear, and need not be asked for what they lean on.
        self.excess(blocks, &[block], coordinate)?;
        let closure = blocks.closure(block);
        let (surplus, most) = self.excess(blocks, &closure, coordinate)?;
        let varies = |lowered: &mut Lowered| {
            closure
                .iter()
                .any(|block| varies(lowered, blocks, block, coordinate))
        };
        if varies(lowered) {
            return None;
        }
        let conditions = self.conditions_of(&[block], coordinate);
        let of_side = |side| conditions.iter().filter(move |c| c.part.side == side);
        let (low, high) = (of_side(Side::Low).count(), of_side(Side::High).count());
        // The side that has more than its share; the last condition there.
        let crowded = if high >= low { Side::High } else { Side::Low };
        let here: Vec<&&Condition> = of_side(crowded).collect();
        let last = **here.last()?;
        let mut error = match block.equations.as_slice() {
            [_] if closure.len() == 1 => {
                self.too_many_for_one(block, coordinate, last, (surplus, most))
            }
            _ => self.too_many_for_several(&closure, coordinate, last, (surplus, most))?,
        };
        let mut told = BTreeSet::from([last.span]);
        for other in here.iter().rev().skip(1) {
            if told.len() < 3 && told.insert(other.span) {
                error = error.with_label(other.span, "given at the same place");
            }
        }
        if surplus == 1 && block.fields.len() == 1 && lowered.stands_alone(last) {
            return Some(error.with_help("remove it").with_edit(last.span, ""));
        }
        Some(error.with_help(match surplus {
            1 => "remove one of them".to_owned(),
            _ => format!("remove {surplus} of them"),
        }))
    }

    fn too_many_for_one(
        &self,
        block: &Block,
        coordinate: CoordinateId,
        last: &Condition,
        (surplus, order): (usize, usize),
    ) -> Diagnostic {
        let problem = self.problem;
        let field = block.fields.first().copied();
        let field = field.unwrap_or_else(|| crate::arena::Id::from_index(0));
        let name = &problem.fields[field].name;
        let derivative = subscripted(problem, name, &vec![coordinate; order]);
        let error = Diagnostic::error(
            "surplus-condition",
            format!(
                "`{name}` has {} condition{} at the ends of `{}`, where {} it",
                order + surplus,
                if order + surplus == 1 { "" } else { "s" },
                problem.coordinates[coordinate].name,
                match order {
                    0 => "the equation does not differentiate".to_owned(),
                    1 => "1 determines".to_owned(),
                    _ => format!("{order} determine"),
                }
            ),
            last.span,
            too_many_at(surplus, &part(problem, last.part)),
        );
        let (_, equation) = self.highest(field, coordinate);
        let error = match equation.filter(|_| order > 0) {
            Some(equation) => error.with_label(
                equation.span,
                format!("contains `{derivative}`, of order {order}"),
            ),
            None => error,
        };
        error.with_note(match order {
            0 => format!(
                "An equation without derivatives by `{0}` holds for each `{0}` by itself, and its solution there is what \
                 the other conditions say.",
                problem.coordinates[coordinate].name
            ),
            1 => "A derivative of first order needs one condition, where the solution flows in; what flows out is determined by the equation.".to_owned(),
            _ => format!("A derivative of order {order} needs {order} conditions at the two ends together. With more there is in general no solution."),
        })
    }

    /// Of a system, whose conditions may repeat each other: a warning, and none where a known solution shows that they
    /// agree.
    fn too_many_for_several(
        &self,
        closure: &[&Block],
        coordinate: CoordinateId,
        last: &Condition,
        (surplus, most): (usize, usize),
    ) -> Option<Diagnostic> {
        let problem = self.problem;
        let fields: BTreeSet<FieldId> = closure.iter().flat_map(|b| &b.fields).copied().collect();
        let known: BTreeSet<FieldId> = problem.exact.iter().map(|exact| exact.field).collect();
        if fields.is_subset(&known) {
            return None;
        }
        let names: Vec<String> = fields
            .iter()
            .take(4)
            .map(|field| format!("`{}`", problem.fields[*field].name))
            .collect();
        let more = if fields.len() > names.len() {
            ", …"
        } else {
            ""
        };
        let names = format!("{}{more}", names.join(", "));
        let along = &problem.coordinates[coordinate].name;
        Some(
            Diagnostic::warning(
                "surplus-condition",
                format!(
                    "{names} together have {} conditions at the ends of `{along}`, where {most} determine them",
                    most + surplus
                ),
                last.span,
                too_many_at(surplus, &part(problem, last.part)),
            )
            .with_note(format!(
                "The equations that determine these fields are of order {most} in `{along}` when all fields but one are \
                 eliminated, so {most} conditions at the two ends together are what they can bear. With more there is in \
                 general no solution."
            )),
        )
    }
}

/// What stands at the last condition.
fn too_many_at(surplus: usize, place: &str) -> String {
    match surplus {
        1 => format!("one too many at `{place}`"),
        _ => format!("one of {surplus} too many, at `{place}`"),
    }
}

/// Whether a derivative of odd order has a factor that varies: it may change its sign from one end to the other, and
/// both ends may want a condition, or neither.
fn varies(lowered: &mut Lowered, blocks: &Blocks, block: &Block, coordinate: CoordinateId) -> bool {
    for &equation in &block.equations {
        let root = lowered.equations[equation];
        for field in &block.fields {
            let order = blocks.order(equation, *field, coordinate).unwrap_or(0);
            if order.is_multiple_of(2) {
                continue;
            }
            let along = coordinate.index();
            let is_top = |function: usize, index: &MultiIndex| {
                function == field.index() && index.order_in(along) == order
            };
            if degree(&lowered.graph, root, is_top) != Some(1) {
                return true;
            }
            let tops = blocks.jets[equation]
                .iter()
                .filter(|(f, index)| is_top(*f, index));
            for top in tops.cloned().collect::<Vec<_>>() {
                let factor = coefficient(&mut lowered.graph, root, &top);
                let varying = |node: &Node| match node {
                    Node::Coordinate(_) | Node::Datum(_) | Node::Jet { .. } => true,
                    Node::Number(_)
                    | Node::Uniform(_)
                    | Node::Sum { .. }
                    | Node::Product(_)
                    | Node::Power { .. }
                    | Node::Call(..)
                    | Node::Select { .. } => false,
                };
                if lowered
                    .under(factor)
                    .into_iter()
                    .any(|id| varying(lowered.graph.node(id)))
                {
                    return true;
                }
            }
        }
    }
    false
}
