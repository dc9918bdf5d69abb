//! Which register holds which value: where all are taken, the one goes whose value is needed last (L. A. Belady, "A
//! study of replacement algorithms for a virtual-storage computer", 1966).

use super::assembler::Wide;
use crate::kernel::{Kernel, Value};
use std::collections::{HashMap, HashSet};

/// Registers of the processor.
const COUNT: usize = 32;

/// The registers during one loop.
pub struct Registers<'a> {
    work: &'a [usize],
    /// The times at which each value is an operand.
    uses: HashMap<Value, Vec<usize>>,
    held: [Option<Value>; COUNT],
    /// Whether a register is an operand of the instruction under way.
    pinned: [bool; COUNT],
    places: HashMap<Value, usize>,
    slots: HashMap<Value, usize>,
    stored: HashSet<Value>,
    time: usize,
    kernel: &'a Kernel,
}

impl<'a> Registers<'a> {
    /// Empty registers for the instructions at these positions.
    pub fn new(kernel: &'a Kernel, work: &'a [usize]) -> Self {
        let mut uses: HashMap<Value, Vec<usize>> = HashMap::new();
        for (time, &index) in work.iter().enumerate() {
            kernel.instructions[index]
                .for_each_operand(|operand| uses.entry(operand).or_default().push(time));
        }
        Self {
            work,
            uses,
            held: [None; COUNT],
            pinned: [false; COUNT],
            places: HashMap::new(),
            slots: HashMap::new(),
            stored: HashSet::new(),
            time: 0,
            kernel,
        }
    }

    /// Goes on to the instruction with this number.
    pub fn at(&mut self, time: usize) {
        self.time = time;
        self.pinned = [false; COUNT];
    }

    /// The register that holds a value.
    pub fn of(&self, value: Value) -> Option<Wide> {
        self.places.get(&value).map(|&place| wide(place))
    }

    /// Keeps a register for the instruction under way.
    pub fn pin(&mut self, register: Wide) {
        self.pinned[usize::from(register.0)] = true;
    }

    /// A register is to hold a value from now on.
    pub fn hold(&mut self, register: Wide, value: Value) {
        let place = usize::from(register.0);
        self.held[place] = Some(value);
        self.places.insert(value, place);
    }

    /// Frees the registers of those values that no later instruction reads.
    pub fn release(&mut self, values: &[Value]) {
        for value in values {
            if self.next_use(*value).is_none()
                && let Some(place) = self.places.remove(value)
            {
                self.held[place] = None;
            }
        }
    }

    /// Whether a register holds nothing.
    pub fn is_free(&self, register: Wide) -> bool {
        self.held[usize::from(register.0)].is_none()
    }

    /// A register, free or emptied: and the value that it held, if that is needed again. None of these, nor a pinned
    /// one that holds something.
    pub fn take(&mut self, in_use: &[Wide]) -> (Wide, Option<Value>) {
        if let Some(place) = (0..COUNT).find(|&place| self.held[place].is_none()) {
            return (wide(place), None);
        }
        let never = self.work.len();
        let furthest = (0..COUNT)
            .filter(|&place| !self.pinned[place] && !in_use.contains(&wide(place)))
            .max_by_key(|&place| {
                let next = self.held[place].and_then(|value| self.next_use(value));
                next.unwrap_or(never)
            });
        // An instruction has four operands at most.
        let place = furthest.unwrap_or(0);
        let evicted = self.held[place].take();
        if let Some(value) = evicted {
            self.places.remove(&value);
        }
        let needed = evicted.filter(|value| self.next_use(*value).is_some() || self.is_now(*value));
        (wide(place), needed)
    }

    /// A place on the stack for a value that is to be saved; none if it was saved before.
    pub fn save(&mut self, value: Value) -> Option<usize> {
        if self.slots.contains_key(&value) {
            return None;
        }
        let slot = self.slots.len();
        self.slots.insert(value, slot);
        Some(slot)
    }

    /// Where a value was saved.
    pub fn slot(&self, value: Value) -> Option<usize> {
        self.slots.get(&value).copied()
    }

    /// Places on the stack.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// A value of this loop is in its row.
    pub fn is_in_memory(&mut self, value: Value) {
        self.stored.insert(value);
    }

    /// Whether a value is in its row: it has been put there, or was computed before this loop.
    pub fn is_stored(&self, value: Value) -> bool {
        self.stored.contains(&value) || self.work.binary_search(&value.index()).is_err()
    }

    /// The next instruction after this one that reads a value.
    fn next_use(&self, value: Value) -> Option<usize> {
        let uses = self.uses.get(&value)?;
        let later = uses.partition_point(|&time| time <= self.time);
        uses.get(later).copied()
    }

    /// Whether the instruction under way reads a value.
    fn is_now(&self, value: Value) -> bool {
        let mut found = false;
        self.kernel.instructions[self.work[self.time]]
            .for_each_operand(|operand| found |= operand == value);
        found
    }
}

fn wide(place: usize) -> Wide {
    Wide(u8::try_from(place).unwrap_or(0))
}
