//! Did you mean: the word of a list that is nearest to what was written.

/// Words of more letters are not compared.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, where one is near enough to be what was meant.
///
/// Nearness is the optimal string alignment distance (insertions, deletions, replacements and swaps of
/// neighbours). One mistake is forgiven in words of three to five letters, two in longer ones; in shorter
/// words only the case of the letters.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.chars().collect();
    // Nobody means a known word with hundreds of letters, and the distance costs the product of the lengths.
    if letters.len() > LONGEST {
        return None;
    }
    let written = Profile::new(word);
    let lower = word.to_lowercase();
    let mut best: Option<(usize, bool, &str)> = None;
    for candidate in candidates {
        let length = candidate.chars().count();
        if candidate == word || length > LONGEST {
            continue;
        }
        let shorter = letters.len().min(length);
        let allowed = match shorter {
            0..=2 => 0,
            3..=5 => 1 + usize::from(letters.len() > 4),
            6.. => 2,
        };
        let distance = if candidate
            .chars()
            .flat_map(char::to_lowercase)
            .eq(lower.chars())
        {
            0
        } else if shorter < 3 || written.least_distance(candidate) > allowed {
            // Among thousands of names nearly all end here.
            continue;
        } else {
            distance(&letters, &candidate.chars().collect::<Vec<char>>())
        };
        if distance > allowed {
            continue;
        }
        // `sinn` is `sin` with a letter too many rather than `sign`.
        let stutters = once(word) == once(candidate);
        let found = (distance, !stutters, candidate);
        if best.is_none_or(|best| found < best) {
            best = Some(found);
        }
    }
    best.map(|(.., candidate)| candidate)
}

/// How often each letter stands in a word; letters share counters.
struct Profile {
    counts: [i16; 32],
}

impl Profile {
    fn new(word: &str) -> Self {
        let mut counts = [0; 32];
        for letter in word.chars() {
            counts[counter(letter)] += 1;
        }
        Self { counts }
    }

    /// The distance to a word is at least this: an insertion or deletion changes one counter by one, a replacement two,
    /// a swap none.
    fn least_distance(&self, word: &str) -> usize {
        let mut counts = self.counts;
        for letter in word.chars() {
            counts[counter(letter)] -= 1;
        }
        let (more, less) = counts
            .iter()
            .fold((0_usize, 0_usize), |(more, less), &count| {
                let size = usize::from(count.unsigned_abs());
                if count > 0 {
                    (more + size, less)
                } else {
                    (more, less + size)
                }
            });
        more.max(less)
    }
}

fn counter(letter: char) -> usize {
    (u32::from(letter) % 32) as usize
}

/// A word as somebody might have typed it on another keyboard: Cyrillic letters that look Latin as Latin ones, lowered
/// digits as digits, Greek letters by name, and no `_`.
#[must_use]
pub fn typed(word: &str) -> String {
    let mut typed = String::new();
    for letter in word.chars().filter(|letter| *letter != '_') {
        match GREEK.iter().find(|(greek, _)| *greek == letter) {
            Some((_, name)) => typed.push_str(name),
            None => typed.push(latin(letter).unwrap_or(letter)),
        }
    }
    typed
}

/// The Latin letter or digit that a Cyrillic letter or lowered digit looks like.
#[must_use]
pub fn latin(letter: char) -> Option<char> {
    Some(match letter {
        '₀'..='₉' => char::from_digit(u32::from(letter) - u32::from('₀'), 10)?,
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'һ' => 'h',
        'і' => 'i',
        'ј' => 'j',
        'о' => 'o',
        'р' => 'p',
        'ѕ' => 's',
        'у' => 'y',
        'х' => 'x',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'І' => 'I',
        'Ј' => 'J',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Ѕ' => 'S',
        'Т' => 'T',
        'Х' => 'X',
        _ => return None,
    })
}

const GREEK: [(char, &str); 26] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ϵ', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ϑ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('µ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('φ', "phi"),
    ('ϕ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Ω', "Omega"),
];

/// A word with each run of a letter written once.
fn once(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters
}

fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let mut row = Vec::with_capacity(right.len() + 1);
    for (i, a) in left.iter().enumerate() {
        row.clear();
        row.push(i + 1);
        for (j, b) in right.iter().enumerate() {
            let replaced = previous[j] + usize::from(a != b);
            let mut best = replaced.min(previous[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b;
            if swapped {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut row);
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{nearest, typed};

    #[test]
    fn other_keyboards() {
        assert_eq!(typed("κ₁"), "kappa1");
        assert_eq!(typed("х"), "x");
    }

    #[test]
    fn the_letters_bound_the_distance() {
        let words = [
            "field", "feild", "fields", "dleif", "field1", "fjeld", "x", "wave", "wav", "élan",
        ];
        for left in words {
            for right in words {
                let bound = super::Profile::new(left).least_distance(right);
                let letters = [left, right].map(|word| word.chars().collect::<Vec<char>>());
                assert!(
                    bound <= super::distance(&letters[0], &letters[1]),
                    "{left} {right}"
                );
            }
        }
    }

    #[test]
    fn forgives_a_swap_and_no_more_than_the_word_bears() {
        assert_eq!(nearest("feild", ["field", "fiend"]), Some("field"));
        assert_eq!(nearest("alhpa", ["alpha", "beta"]), Some("alpha"));
        assert_eq!(nearest("y", ["x", "t"]), None);
        assert_eq!(nearest("Re", ["re", "im"]), Some("re"));
        assert_eq!(nearest("something", ["field"]), None);
    }
}
