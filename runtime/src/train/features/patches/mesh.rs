//! The parts of an interval that patches lie on.
//!
//! * Input: residuals of cells.
//! * Output: cells, which are halved where the residual is large and joined where it is small.
//! * Invariants: cells fill [−1, 1] without overlap, and neighbours differ in length at most by two.

/// Cells to begin with.
const ROOTS: u64 = 8;

/// Cells are halved so many times at most.
const DEEPEST: u32 = 16;

/// How far a patch fades into its neighbour, as a part of the shorter of the two.
const OVERLAP: f64 = 0.15;

/// A part of the interval: one of so many equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    level: u32,
    index: u64,
}

impl Cell {
    #[allow(clippy::cast_precision_loss)] // small whole numbers
    fn at(self, end: u64) -> f64 {
        2.0 * (self.index + end) as f64 / (ROOTS << self.level) as f64 - 1.0
    }

    fn halves(self) -> [Self; 2] {
        [0, 1].map(|half| Self {
            level: self.level + 1,
            index: 2 * self.index + half,
        })
    }

    fn parent(self) -> Self {
        Self {
            level: self.level.saturating_sub(1),
            index: self.index / 2,
        }
    }
}

/// One end of a patch: where it fades, and over what length; none where it does not.
pub type End = Option<(f64, f64)>;

/// The cells of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mesh {
    cells: Vec<Cell>,
    /// Whether the last cell is a neighbour of the first.
    pub periodic: bool,
}

impl Mesh {
    /// A few equal cells.
    pub fn new(periodic: bool) -> Self {
        let cells = (0..ROOTS).map(|index| Cell { level: 0, index }).collect();
        Self { cells, periodic }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Where a cell begins and ends.
    pub fn ends(&self, cell: usize) -> (f64, f64) {
        let cell = self.cells[cell];
        (cell.at(0), cell.at(1))
    }

    fn length(&self, cell: usize) -> f64 {
        let (low, high) = self.ends(cell);
        high - low
    }

    /// The cell at some distance, and what is to be added to places of it; none beyond the ends of the interval.
    pub fn neighbour(&self, cell: usize, distance: isize) -> Option<(usize, f64)> {
        let count = self.len();
        let at = cell.checked_add_signed(distance);
        match at {
            Some(at) if at < count => Some((at, 0.0)),
            Some(at) => self.periodic.then(|| (at - count, 2.0)),
            None => {
                let back = distance.unsigned_abs() - cell;
                (self.periodic && back <= count).then(|| (count - back, -2.0))
            }
        }
    }

    /// Where the patch of a cell fades.
    pub fn fading(&self, cell: usize) -> [End; 2] {
        let (low, high) = self.ends(cell);
        [(-1, low), (1, high)].map(|(side, at)| {
            let (other, _) = self.neighbour(cell, side)?;
            Some((at, OVERLAP * self.length(cell).min(self.length(other))))
        })
    }

    /// The cell of a place; one where two cells meet by the later.
    pub fn cell_of(&self, x: f64) -> usize {
        self.cells
            .partition_point(|cell| cell.at(1) <= x)
            .min(self.len() - 1)
    }

    /// With these cells halved, and those whose neighbours have become too short.
    pub fn halved(&self, which: impl Fn(usize) -> bool) -> Self {
        let cells = self.cells.iter().enumerate();
        let cells = cells
            .flat_map(|(number, &cell)| {
                if which(number) && cell.level < DEEPEST {
                    cell.halves().to_vec()
                } else {
                    vec![cell]
                }
            })
            .collect();
        Self { cells, ..*self }.graded()
    }

    /// Halves until neighbours differ at most by two.
    fn graded(mut self) -> Self {
        loop {
            let long = |cell: usize| {
                [-1, 1].into_iter().any(|side| {
                    let other = self.neighbour(cell, side);
                    other.is_some_and(|(other, _)| {
                        self.cells[other].level > self.cells[cell].level + 1
                    })
                })
            };
            let marked: Vec<bool> = (0..self.len()).map(long).collect();
            if !marked.contains(&true) {
                return self;
            }
            let cells = self.cells.iter().zip(&marked);
            self.cells = cells
                .flat_map(|(&cell, &marked)| {
                    if marked {
                        cell.halves().to_vec()
                    } else {
                        vec![cell]
                    }
                })
                .collect();
        }
    }

    /// With those pairs of halves joined of which both may be, and that no neighbour keeps apart.
    pub fn joined(&self, may: impl Fn(usize) -> bool) -> Self {
        let mut cells = Vec::with_capacity(self.len());
        let mut number = 0;
        while number < self.len() {
            let cell = self.cells[number];
            let other = self.cells.get(number + 1);
            let pair = cell.level > 0
                && cell.index.is_multiple_of(2)
                && other.is_some_and(|other| {
                    other.level == cell.level && other.parent() == cell.parent()
                });
            if pair && may(number) && may(number + 1) {
                cells.push(cell.parent());
                number += 2;
            } else {
                cells.push(cell);
                number += 1;
            }
        }
        Self { cells, ..*self }.graded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fills(mesh: &Mesh) {
        assert_eq!(mesh.ends(0).0, -1.0);
        assert_eq!(mesh.ends(mesh.len() - 1).1, 1.0);
        for cell in 1..mesh.len() {
            assert_eq!(mesh.ends(cell - 1).1, mesh.ends(cell).0);
            let ratio = mesh.length(cell) / mesh.length(cell - 1);
            assert!((0.5..=2.0).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn cells_are_halved_and_joined_again() {
        for periodic in [false, true] {
            let whole = Mesh::new(periodic);
            let mut mesh = whole.clone();
            for _ in 0..5 {
                let here = mesh.cell_of(0.999);
                mesh = mesh.halved(|cell| cell == here);
                fills(&mesh);
            }
            assert!(mesh.len() > 12);
            // Across the seam cells are short as well.
            assert_eq!(mesh.length(0) < 0.25, periodic);
            for _ in 0..12 {
                mesh = mesh.joined(|_| true);
                fills(&mesh);
            }
            assert_eq!(mesh, whole);
        }
    }

    #[test]
    fn places_and_neighbours() {
        let mesh = Mesh::new(true).halved(|cell| cell == 0);
        for cell in 0..mesh.len() {
            let (low, high) = mesh.ends(cell);
            assert_eq!(mesh.cell_of(low), cell);
            assert_eq!(mesh.cell_of(0.5 * (low + high)), cell);
        }
        assert_eq!(mesh.cell_of(1.0), mesh.len() - 1);
        assert_eq!(mesh.neighbour(0, -1), Some((mesh.len() - 1, -2.0)));
        assert_eq!(mesh.neighbour(mesh.len() - 1, 2), Some((1, 2.0)));
        assert_eq!(Mesh::new(false).neighbour(1, -2), None);
        assert_eq!(Mesh::new(false).fading(0)[0], None);
        assert!(Mesh::new(true).fading(0)[0].is_some());
    }
}
