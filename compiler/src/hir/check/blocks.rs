//! A system in blocks: the smallest groups of equations that determine their fields, given those of other blocks.
//!
//! Each equation is matched with a field that it mentions; an equation leans on those that determine the other fields
//! in it. The blocks are the strongly connected components of that graph, which do not depend on the matching chosen
//! (Dulmage and Mendelsohn 1958). How many conditions a block can bear along a coordinate is the degree of the
//! determinant of its symbol in that direction, which is at most the largest sum of orders over all matchings
//! (Jacobi's bound).

use super::lowered::Lowered;
use crate::hir::{CoordinateId, FieldId, Problem};
use crate::jet::MultiIndex;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Blocks of more fields than this are not looked into.
const LARGEST: usize = 32;

/// A group of equations and the fields that they determine.
pub(super) struct Block {
    pub(super) equations: Vec<usize>,
    pub(super) fields: BTreeSet<FieldId>,
}

/// A system in blocks.
pub(super) struct Blocks {
    pub(super) blocks: Vec<Block>,
    /// The derivatives in each equation.
    pub(super) jets: Vec<BTreeSet<(usize, MultiIndex)>>,
    /// The field that each equation is matched with.
    pub(super) matched: Vec<FieldId>,
    /// The block of each field.
    of_field: BTreeMap<FieldId, usize>,
}

impl Blocks {
    /// Cuts a problem into blocks; none where equations and fields cannot be matched one to one.
    pub(super) fn new(lowered: &Lowered) -> Option<Self> {
        let problem = lowered.problem;
        let jets: Vec<BTreeSet<(usize, MultiIndex)>> = lowered
            .equations
            .iter()
            .map(|root| lowered.jets(*root))
            .collect();
        let wanted = problem.fields.iter().filter(|(_, f)| f.sought.is_none());
        if !problem.energies.is_empty() || wanted.count() != jets.len() {
            return None;
        }
        let mentioned = |number: usize| mentioned(problem, &jets[number]);
        let edges: Vec<Vec<FieldId>> = (0..jets.len()).map(mentioned).collect();
        let equation_of = matching(&edges)?;
        let by_equation: BTreeMap<usize, FieldId> = equation_of
            .iter()
            .map(|(field, equation)| (*equation, *field))
            .collect();
        let matched: Vec<FieldId> = by_equation.into_values().collect();
        let leans: Vec<Vec<usize>> = edges
            .iter()
            .map(|fields| {
                fields
                    .iter()
                    .filter_map(|f| equation_of.get(f))
                    .copied()
                    .collect()
            })
            .collect();
        let blocks: Vec<Block> = components(&leans)
            .into_iter()
            .map(|equations| Block {
                fields: equations.iter().map(|number| matched[*number]).collect(),
                equations,
            })
            .collect();
        let mut of_field = BTreeMap::new();
        for (number, block) in blocks.iter().enumerate() {
            of_field.extend(block.fields.iter().map(|field| (*field, number)));
        }
        Some(Self {
            blocks,
            jets,
            matched,
            of_field,
        })
    }

    /// A block and all that it leans on.
    pub(super) fn closure(&self, block: &Block) -> Vec<&Block> {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<usize> = block
            .fields
            .iter()
            .take(1)
            .map(|f| self.of_field[f])
            .collect();
        while let Some(number) = stack.pop() {
            if !seen.insert(number) {
                continue;
            }
            for equation in &self.blocks[number].equations {
                let fields = self.jets[*equation].iter();
                let fields = fields.map(|(function, _)| crate::arena::Id::from_index(*function));
                stack.extend(fields.filter_map(|field| self.of_field.get(&field)));
            }
        }
        seen.into_iter()
            .map(|number| &self.blocks[number])
            .collect()
    }

    /// The blocks that hang together, because the equations of one mention fields of another.
    pub(super) fn components(&self) -> Vec<Vec<&Block>> {
        // Each block points to one before it in its component, the first one to itself.
        let mut first: Vec<usize> = (0..self.blocks.len()).collect();
        let find = |first: &mut Vec<usize>, mut at: usize| {
            while first[at] != at {
                first[at] = first[first[at]];
                at = first[at];
            }
            at
        };
        for (number, block) in self.blocks.iter().enumerate() {
            for equation in &block.equations {
                for (function, _) in &self.jets[*equation] {
                    let field = crate::arena::Id::from_index(*function);
                    if let Some(&other) = self.of_field.get(&field) {
                        let (one, other) = (find(&mut first, number), find(&mut first, other));
                        first[one.max(other)] = one.min(other);
                    }
                }
            }
        }
        let mut components: BTreeMap<usize, Vec<&Block>> = BTreeMap::new();
        for (number, block) in self.blocks.iter().enumerate() {
            let root = find(&mut first, number);
            components.entry(root).or_default().push(block);
        }
        components.into_values().collect()
    }

    /// How many conditions a block can bear at both ends of a coordinate together; none for a large block.
    pub(super) fn most(&self, block: &Block, coordinate: CoordinateId) -> Option<usize> {
        if block.equations.len() > LARGEST {
            return None;
        }
        let fields: Vec<FieldId> = block.fields.iter().copied().collect();
        let weights: Vec<Vec<Option<i64>>> = block
            .equations
            .iter()
            .map(|equation| {
                let order = |field: &FieldId| self.order(*equation, *field, coordinate);
                let order = |field| order(field).and_then(|order| i64::try_from(order).ok());
                fields.iter().map(order).collect()
            })
            .collect();
        usize::try_from(heaviest(&weights)).ok()
    }

    /// Whether another field in an equation leaves it to the highest derivatives of `field` how short waves behave: it
    /// enters with lower ones, and comes from elsewhere or evolves by an equation in which `field` has lower ones too.
    pub(super) fn is_beside(
        &self,
        number: usize,
        field: FieldId,
        other: FieldId,
        highest: usize,
        time: CoordinateId,
    ) -> bool {
        let lower = |equation: usize, field: FieldId, below: usize| {
            let own = self.jets[equation]
                .iter()
                .filter(|(f, _)| *f == field.index());
            own.clone().all(|(_, index)| index.order() < below)
                && own
                    .clone()
                    .all(|(_, index)| index.order_in(time.index()) == 0)
        };
        if self.of_field.get(&other) != self.of_field.get(&field) {
            return lower(number, other, highest);
        }
        let block = self
            .of_field
            .get(&other)
            .and_then(|number| self.blocks.get(*number));
        let its = block.and_then(|block| {
            let mut equations = block.equations.iter();
            equations.find(|equation| self.matched[**equation] == other)
        });
        let Some(&its) = its else {
            return false;
        };
        let evolves = self.order(its, other, time).is_some_and(|order| order > 0);
        evolves && lower(number, other, 1) && lower(its, field, highest)
    }

    /// The highest order of a field in a coordinate in one equation; none where the field is not in it.
    pub(super) fn order(
        &self,
        equation: usize,
        field: FieldId,
        coordinate: CoordinateId,
    ) -> Option<usize> {
        let jets = self.jets[equation].iter();
        let own = jets.filter(|(function, _)| *function == field.index());
        own.map(|(_, index)| index.order_in(coordinate.index()))
            .max()
    }
}

/// The fields that an equation can determine, those that it differentiates most first.
fn mentioned(problem: &Problem, jets: &BTreeSet<(usize, MultiIndex)>) -> Vec<FieldId> {
    let mut orders: BTreeMap<FieldId, usize> = BTreeMap::new();
    for (function, index) in jets {
        let field: FieldId = crate::arena::Id::from_index(*function);
        if problem.fields[field].sought.is_none() {
            let order = orders.entry(field).or_insert(0);
            *order = index.order().max(*order);
        }
    }
    let mut fields: Vec<(FieldId, usize)> = orders.into_iter().collect();
    fields.sort_by_key(|(field, order)| (std::cmp::Reverse(*order), *field));
    fields.into_iter().map(|(field, _)| field).collect()
}

/// Matches each equation with a field of its own, by augmenting paths; none where that is impossible.
fn matching(edges: &[Vec<FieldId>]) -> Option<BTreeMap<FieldId, usize>> {
    let mut equation_of: BTreeMap<FieldId, usize> = BTreeMap::new();
    let mut field_of: Vec<Option<FieldId>> = vec![None; edges.len()];
    for start in 0..edges.len() {
        // A shortest path from this equation to a field without one: over fields to the equations that have them.
        let mut from: BTreeMap<FieldId, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        let mut end = None;
        'search: while let Some(equation) = queue.pop_front() {
            for &field in &edges[equation] {
                if from.contains_key(&field) {
                    continue;
                }
                from.insert(field, equation);
                match equation_of.get(&field) {
                    Some(next) => queue.push_back(*next),
                    None => {
                        end = Some(field);
                        break 'search;
                    }
                }
            }
        }
        // The equations along the path each move on to the next field.
        let mut field = end?;
        loop {
            let equation = from[&field];
            equation_of.insert(field, equation);
            match field_of[equation].replace(field) {
                Some(next) => field = next,
                None => break,
            }
        }
    }
    Some(equation_of)
}

/// The strongly connected components of a graph (Kosaraju and Sharir), each sorted.
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, list) in edges.iter().enumerate() {
        for &to in list {
            back[to].push(from);
        }
    }
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut stack = vec![(start, 0)];
        while let Some((node, position)) = stack.pop() {
            if position == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match edges[node].get(position) {
                Some(&next) => {
                    stack.push((node, position + 1));
                    if !seen[next] {
                        stack.push((next, 0));
                    }
                }
                None => finished.push(node),
            }
        }
    }
    let mut found = Vec::new();
    let mut taken = vec![false; edges.len()];
    for start in finished.into_iter().rev() {
        let mut members = Vec::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut taken[node], true) {
                members.push(node);
                stack.extend(&back[node]);
            }
        }
        if !members.is_empty() {
            members.sort_unstable();
            found.push(members);
        }
    }
    found
}

/// The largest sum of entries, one from each row and each column, by the Hungarian method (Kuhn 1955) with potentials;
/// what has no entry cannot be chosen.
fn heaviest(weights: &[Vec<Option<i64>>]) -> i64 {
    const FORBIDDEN: i64 = 1 << 32;
    let size = weights.len();
    let cost = |row: usize, column: usize| weights[row - 1][column - 1].map_or(FORBIDDEN, |w| -w);
    let mut of_row = vec![0; size + 1];
    let mut of_column = vec![0; size + 1];
    let mut row_of = vec![0; size + 1];
    for row in 1..=size {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![i64::MAX; size + 1];
        let mut used = vec![false; size + 1];
        let mut before = vec![0; size + 1];
        while row_of[column] != 0 {
            used[column] = true;
            let here = row_of[column];
            let (mut step, mut next) = (i64::MAX, 0);
            for other in (1..=size).filter(|&other| !used[other]) {
                let reduced = cost(here, other) - of_row[here] - of_column[other];
                if reduced < least[other] {
                    least[other] = reduced;
                    before[other] = column;
                }
                if least[other] < step {
                    step = least[other];
                    next = other;
                }
            }
            for other in 0..=size {
                if used[other] {
                    of_row[row_of[other]] += step;
                    of_column[other] -= step;
                } else if least[other] < i64::MAX {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    (1..=size).map(|column| -cost(row_of[column], column)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All matchings, one by one.
    fn by_trying(weights: &[Vec<Option<i64>>], row: usize, free: &mut Vec<usize>) -> Option<i64> {
        if row == weights.len() {
            return Some(0);
        }
        let mut best = None;
        for position in 0..free.len() {
            let column = free.remove(position);
            let rest = by_trying(weights, row + 1, free);
            free.insert(position, column);
            let sum = weights[row][column].and_then(|weight| rest.map(|rest| weight + rest));
            best = best.max(sum);
        }
        best
    }

    #[test]
    fn the_heaviest_matching_is_the_best_of_all() {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 33
        };
        for size in 1..6 {
            for _ in 0..40 {
                let mut entry = || match next() % 6 {
                    0 => None,
                    weight => i64::try_from(weight - 1).ok(),
                };
                let mut weights: Vec<Vec<Option<i64>>> = (0..size)
                    .map(|_| (0..size).map(|_| entry()).collect())
                    .collect();
                // a matching is there
                for (row, entries) in weights.iter_mut().enumerate() {
                    entries[row] = entries[row].or(Some(0));
                }
                let best = by_trying(&weights, 0, &mut (0..size).collect());
                assert_eq!(Some(heaviest(&weights)), best, "{weights:?}");
            }
        }
    }

    #[test]
    fn components_are_cycles() {
        let found = components(&[vec![1], vec![2], vec![0, 3], vec![4], vec![], vec![5, 3]]);
        assert_eq!(found.len(), 4);
        assert!(found.contains(&vec![0, 1, 2]));
        let chain: Vec<Vec<usize>> = (0..100_000)
            .map(|n: usize| vec![n.saturating_sub(1)])
            .collect();
        assert_eq!(components(&chain).len(), 100_000);
    }
}
