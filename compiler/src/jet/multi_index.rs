//! Multi-indices: names of partial derivatives.

/// Which partial derivative: the coordinates differentiated by, sorted, one entry for each order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MultiIndex(Vec<u16>);

impl MultiIndex {
    /// The function itself.
    #[must_use]
    pub fn zero() -> Self {
        Self::default()
    }

    /// The derivative by these coordinates, in any order.
    pub fn new(coordinates: impl IntoIterator<Item = usize>) -> Self {
        let mut entries: Vec<u16> = coordinates
            .into_iter()
            .map(|coordinate| u16::try_from(coordinate).unwrap_or(u16::MAX))
            .collect();
        entries.sort_unstable();
        Self(entries)
    }

    /// One more derivative by this coordinate.
    #[must_use]
    pub fn raised(&self, coordinate: usize) -> Self {
        Self::new(self.coordinates().chain([coordinate]))
    }

    /// The coordinates differentiated by, sorted, with repetition.
    pub fn coordinates(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.0.iter().map(|&coordinate| usize::from(coordinate))
    }

    /// The total order.
    #[must_use]
    pub fn order(&self) -> usize {
        self.0.len()
    }

    /// The order in one coordinate.
    #[must_use]
    pub fn order_in(&self, coordinate: usize) -> usize {
        self.coordinates().filter(|&c| c == coordinate).count()
    }

    /// All multi-indices below this one, itself included, sorted by order and then by coordinates.
    #[must_use]
    pub fn lower_set(&self) -> Vec<Self> {
        let mut set = vec![Self::zero()];
        for coordinate in self.coordinates() {
            let mut raised: Vec<Self> = set.iter().map(|index| index.raised(coordinate)).collect();
            set.append(&mut raised);
            set.sort_by(Self::compare);
            set.dedup();
        }
        set
    }

    /// By order, then by coordinates: the order in which coefficients are stored.
    #[must_use]
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.order()
            .cmp(&other.order())
            .then_with(|| self.0.cmp(&other.0))
    }
}
