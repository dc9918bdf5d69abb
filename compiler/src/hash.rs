//! Hash tables whose keys are the compiler's own nodes and handles: a fast hash, and the same one in every run.

use rustc_hash::FxBuildHasher;

/// A map with the fast hash.
pub type HashMap<K, V> = std::collections::HashMap<K, V, FxBuildHasher>;

/// A set with the fast hash.
pub type HashSet<K> = std::collections::HashSet<K, FxBuildHasher>;
