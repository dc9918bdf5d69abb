//! Did you mean: the word of a list that is nearest to what was written.

/// The candidate nearest to `word`, where one is near enough to be what was meant.
///
/// Nearness is the optimal string alignment distance (insertions, deletions, replacements and swaps of
/// neighbours). One mistake is forgiven in words of three to five letters, two in longer ones; in shorter
/// words only the case of the letters.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // Nobody means a known word with hundreds of letters, and the distance costs the product of the lengths.
    if length > 64 {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.chars().count() <= 64)
        .filter_map(|candidate| {
            let same_letters = candidate.to_lowercase() == word.to_lowercase();
            let allowed = match length.min(candidate.chars().count()) {
                0..=2 => 0,
                3..=5 => 1 + usize::from(length > 4),
                6.. => 2,
            };
            let distance = if same_letters {
                0
            } else {
                distance(word, candidate)
            };
            // `sinn` is `sin` with a letter too many rather than `sign`.
            let stutters = once(word) == once(candidate);
            (distance <= allowed).then_some((distance, !stutters, candidate))
        })
        .min()
        .map(|(.., candidate)| candidate)
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

fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = previous[j] + usize::from(a != b);
            let mut best = replaced.min(previous[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b;
            if swapped {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = previous;
        previous = row;
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
    fn forgives_a_swap_and_no_more_than_the_word_bears() {
        assert_eq!(nearest("feild", ["field", "fiend"]), Some("field"));
        assert_eq!(nearest("alhpa", ["alpha", "beta"]), Some("alpha"));
        assert_eq!(nearest("y", ["x", "t"]), None);
        assert_eq!(nearest("Re", ["re", "im"]), Some("re"));
        assert_eq!(nearest("something", ["field"]), None);
    }
}
