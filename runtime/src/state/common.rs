//! What more than one kind of state has: random streams.

use super::{Resume, State, StateError, wrong};
use rand_chacha::ChaCha8Rng;

/// A stream goes on at the same word. Its seed and number are those that it was made with.
impl Resume for ChaCha8Rng {
    fn save(&self, state: &mut State) {
        let position = self.get_word_pos();
        #[allow(clippy::cast_possible_truncation)] // the two halves
        state.put_words("position", &[(position >> 64) as u64, position as u64]);
    }

    fn load(&mut self, state: &State) -> Result<(), StateError> {
        match *state.words("position")? {
            [high, low] => {
                self.set_word_pos((u128::from(high) << 64) | u128::from(low));
                Ok(())
            }
            _ => Err(wrong("position", "is no place in a random stream")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sampling::{Purpose, stream};
    use crate::state::State;
    use rand::{Rng, RngExt};

    /// Also in the middle of a block, after an odd number of words.
    #[test]
    fn a_stream_goes_on() {
        for words in [0, 1, 7, 64, 1001] {
            let mut random = stream(3, Purpose::Points);
            for _ in 0..words {
                random.next_u32();
            }
            let mut state = State::default();
            state.put("r", &random);
            let mut again = stream(3, Purpose::Points);
            state.get("r", &mut again).unwrap();
            for _ in 0..100 {
                assert_eq!(random.random::<u64>(), again.random::<u64>());
            }
        }
    }
}
