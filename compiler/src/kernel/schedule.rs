//! The order of a kernel's instructions, chosen so that few values are live at once.
//!
//! * Input: a verified kernel.
//! * Output: the same instructions in another order, so the same results bit for bit.
//! * Invariants: never more live values than before; leaves (numbers, loads, uniforms) stand where they are
//!   first needed, stores where their value is ready; the order depends on nothing but the kernel.
//!
//! The smallest number of registers for a graph with shared values is hard to find, so two orders compete
//! with the given one: depth first, the operand first that needs more registers (R. Sethi, J. D. Ullman,
//! "The generation of optimal code for arithmetic expressions", 1970, optimal where nothing is shared), and
//! greedy, always the instruction that leaves the fewest values live.

use super::{Instruction, Kernel, Value};
use std::collections::BTreeSet;

/// The largest number of values that are live at once: defined, and used later.
#[must_use]
pub fn live_values(kernel: &Kernel) -> usize {
    most_live(&kernel.instructions)
}

/// Orders the instructions of a verified kernel for few live values.
#[must_use]
pub fn schedule(kernel: Kernel) -> Kernel {
    let uses = Uses::of(&kernel.instructions);
    let given: Vec<usize> = (0..kernel.instructions.len())
        .filter(|&index| is_computation(&kernel.instructions[index]))
        .collect();
    let depth_first = depth_first(&kernel.instructions);
    let greedy = greedy(&kernel.instructions, &uses, &depth_first);
    let orders = [given, depth_first, greedy];
    let best = orders
        .iter()
        .map(|order| arrange(&kernel.instructions, &uses, order))
        .min_by_key(|instructions| most_live(instructions));
    match best {
        Some(instructions) => Kernel {
            instructions,
            ..kernel
        },
        None => kernel,
    }
}

fn most_live(instructions: &[Instruction]) -> usize {
    let mut last_use: Vec<Option<usize>> = vec![None; instructions.len()];
    for (index, instruction) in instructions.iter().enumerate() {
        instruction.for_each_operand(|operand| last_use[operand.index()] = Some(index));
    }
    let mut live = 0;
    let mut most = 0;
    for (index, instruction) in instructions.iter().enumerate() {
        for operand in operands(instruction) {
            live -= usize::from(last_use[operand.index()] == Some(index));
        }
        live += usize::from(last_use[index].is_some());
        most = most.max(live);
    }
    most
}

/// Who uses each value.
struct Uses {
    /// The computations that use it, each once.
    computations: Vec<Vec<usize>>,
    /// The stores that write it.
    stores: Vec<Vec<usize>>,
}

impl Uses {
    fn of(instructions: &[Instruction]) -> Self {
        let mut computations = vec![Vec::new(); instructions.len()];
        let mut stores = vec![Vec::new(); instructions.len()];
        for (index, instruction) in instructions.iter().enumerate() {
            let users = if instruction.defines_value() {
                &mut computations
            } else {
                &mut stores
            };
            for operand in operands(instruction) {
                users[operand.index()].push(index);
            }
        }
        Self {
            computations,
            stores,
        }
    }
}

/// Whether an instruction computes; leaves and stores follow the computations.
fn is_computation(instruction: &Instruction) -> bool {
    instruction.defines_value() && !is_leaf(instruction)
}

fn is_leaf(instruction: &Instruction) -> bool {
    matches!(
        instruction,
        Instruction::Number(_) | Instruction::Load(_) | Instruction::Uniform(_)
    )
}

/// The operands, each once. No instruction has more than four.
fn operands(instruction: &Instruction) -> impl Iterator<Item = Value> + use<> {
    let mut found = [None; 4];
    let mut count = 0;
    instruction.for_each_operand(|operand| {
        if !found.contains(&Some(operand)) {
            found[count] = Some(operand);
            count += 1;
        }
    });
    found.into_iter().flatten()
}

/// The computations with what their values need first, the operand first that needs more registers.
fn depth_first(instructions: &[Instruction]) -> Vec<usize> {
    let mut needs: Vec<usize> = Vec::with_capacity(instructions.len());
    let mut ordered: Vec<Vec<Value>> = Vec::with_capacity(instructions.len());
    for instruction in instructions {
        let mut first: Vec<Value> = operands(instruction).collect();
        first.sort_by_key(|operand| std::cmp::Reverse(needs[operand.index()]));
        // While the n-th operand is computed, n values wait.
        let need = first
            .iter()
            .enumerate()
            .map(|(waiting, operand)| needs[operand.index()] + waiting)
            .max();
        needs.push(need.unwrap_or(1));
        ordered.push(first);
    }
    let mut order = Vec::new();
    let mut entered = vec![false; instructions.len()];
    let mut stack = Vec::new();
    for (index, instruction) in instructions.iter().enumerate() {
        if instruction.defines_value() {
            continue;
        }
        stack.push((index, false));
        while let Some((index, is_ready)) = stack.pop() {
            if is_ready {
                order.push(index);
            } else if !std::mem::replace(&mut entered[index], true) {
                if is_computation(&instructions[index]) {
                    stack.push((index, true));
                }
                let operands = ordered[index].iter().rev();
                stack.extend(operands.map(|operand| (operand.index(), false)));
            }
        }
    }
    order
}

/// Always the computation that leaves the fewest values live; of equal ones the earliest in `otherwise`.
fn greedy(instructions: &[Instruction], uses: &Uses, otherwise: &[usize]) -> Vec<usize> {
    let mut state = Greedy {
        instructions,
        uses,
        left: uses.computations.iter().map(Vec::len).collect(),
        is_there: vec![false; instructions.len()],
    };
    let mut rank = vec![usize::MAX; instructions.len()];
    for (position, &index) in otherwise.iter().enumerate() {
        rank[index] = position;
    }
    // Operands that are computed but are not yet; dead computations have no rank and are not scheduled.
    let mut missing: Vec<usize> = instructions
        .iter()
        .map(|instruction| {
            let computed = |value: &Value| is_computation(&instructions[value.index()]);
            operands(instruction).filter(computed).count()
        })
        .collect();
    let mut costs: Vec<Option<isize>> = vec![None; instructions.len()];
    let mut ready = BTreeSet::new();
    for &index in otherwise {
        if missing[index] == 0 {
            let cost = state.cost(index);
            costs[index] = Some(cost);
            ready.insert((cost, rank[index], index));
        }
    }
    let mut order = Vec::with_capacity(otherwise.len());
    while let Some((_, _, index)) = ready.pop_first() {
        order.push(index);
        costs[index] = None;
        for other in state.take(index) {
            if let Some(cost) = costs[other] {
                ready.remove(&(cost, rank[other], other));
                let cost = state.cost(other);
                costs[other] = Some(cost);
                ready.insert((cost, rank[other], other));
            }
        }
        for &user in &uses.computations[index] {
            missing[user] -= 1;
            if missing[user] == 0 && rank[user] != usize::MAX {
                let cost = state.cost(user);
                costs[user] = Some(cost);
                ready.insert((cost, rank[user], user));
            }
        }
    }
    order
}

struct Greedy<'a> {
    instructions: &'a [Instruction],
    uses: &'a Uses,
    /// The computations that use a value and are to come.
    left: Vec<usize>,
    /// Whether a value is defined by now.
    is_there: Vec<bool>,
}

impl Greedy<'_> {
    /// By how much the number of live values grows with this computation.
    fn cost(&self, index: usize) -> isize {
        let mut cost = isize::from(self.left[index] > 0);
        for operand in operands(&self.instructions[index]) {
            let ends = self.left[operand.index()] == 1;
            match (self.is_there[operand.index()], ends) {
                (true, true) => cost -= 1,
                (false, false) => cost += 1,
                (true, false) | (false, true) => {}
            }
        }
        cost
    }

    /// Computes, and returns those whose cost may have changed.
    fn take(&mut self, index: usize) -> Vec<usize> {
        let mut changed = Vec::new();
        self.is_there[index] = true;
        for operand in operands(&self.instructions[index]) {
            let operand = operand.index();
            self.left[operand] -= 1;
            let is_new = !std::mem::replace(&mut self.is_there[operand], true);
            if is_new || self.left[operand] == 1 {
                changed.extend(&self.uses.computations[operand]);
            }
        }
        changed
    }
}

/// The instructions with the computations in this order.
fn arrange(instructions: &[Instruction], uses: &Uses, order: &[usize]) -> Vec<Instruction> {
    let mut arranged = Arranged {
        instructions,
        uses,
        images: vec![None; instructions.len()],
        output: Vec::with_capacity(instructions.len()),
    };
    for &index in order {
        for operand in operands(&instructions[index]) {
            if is_leaf(&instructions[operand.index()]) {
                arranged.push(operand.index());
            }
        }
        arranged.push(index);
    }
    // Leaves that are only stored.
    for (index, instruction) in instructions.iter().enumerate() {
        if is_leaf(instruction) && !uses.stores[index].is_empty() {
            arranged.push(index);
        }
    }
    arranged.output
}

struct Arranged<'a> {
    instructions: &'a [Instruction],
    uses: &'a Uses,
    images: Vec<Option<Value>>,
    output: Vec<Instruction>,
}

impl Arranged<'_> {
    /// Appends a value, if it is not there, and the stores that write it.
    fn push(&mut self, index: usize) {
        if self.images[index].is_some() {
            return;
        }
        let value = Value(u32::try_from(self.output.len()).unwrap_or(u32::MAX));
        self.images[index] = Some(value);
        for &index in [index].iter().chain(&self.uses.stores[index]) {
            let images = &self.images;
            self.output.push(
                self.instructions[index]
                    .map_operands(|operand| images[operand.index()].unwrap_or(operand)),
            );
        }
    }
}
