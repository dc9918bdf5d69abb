//! Families in few words: a hundred coordinates are `x[i] in [0, 1], i = 1 … 100`, and a sum over them is
//! `N_{x[1] x[1]} + … + N_{x[100] x[100]}`.
//!
//! * Input: rows as they are laid out, grouped into blocks that belong together.
//! * Output: rows, where blocks that differ only by a number in brackets that counts up are one.
//! * Invariant: what is left out follows from what is there; nothing else is. Few members stay as they are.

use crate::numbers::grouped;

/// Rows that belong together: an equation and what kind it is.
pub type Block = Vec<Vec<String>>;

/// Fewer members than this are no family.
const FEWEST: usize = 5;
/// The most blocks that may take turns, as the two ends of a coordinate do.
const LONGEST_PERIOD: usize = 12;
/// A list that is longer than this when families in it are folded is cut.
const LONGEST_LIST: usize = 24;

const NUMBER: char = '\u{0}';
const CELL: char = '\u{1}';
const ROW: char = '\u{2}';

/// A text with its numbers in brackets taken out.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    template: String,
    numbers: Vec<usize>,
}

impl Shape {
    fn new(text: &str) -> Self {
        let mut template = String::with_capacity(text.len());
        let mut numbers = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('[') {
            let (before, after) = rest.split_at(open + 1);
            template.push_str(before);
            rest = after;
            let Some(close) = rest.find(']') else {
                continue;
            };
            let inside = &rest[..close];
            if inside.bytes().all(|byte| byte.is_ascii_digit())
                && let Ok(number) = inside.parse()
            {
                template.push(NUMBER);
                numbers.push(number);
                rest = &rest[close..];
            }
        }
        template.push_str(rest);
        Self { template, numbers }
    }

    /// Whether this is `first` with every number the same or `step` further, at least one of them further.
    fn is_further(&self, first: &Self, step: usize) -> bool {
        let mut numbers = first.numbers.iter().zip(&self.numbers);
        self.template == first.template
            && numbers.clone().any(|(from, here)| from + step == *here)
            && numbers.all(|(from, here)| from == here || from + step == *here)
    }

    /// The text, with `name` in place of the numbers that are not the same in `other`.
    fn with_index(&self, other: &Self, name: &str) -> String {
        let mut numbers = self.numbers.iter().zip(&other.numbers);
        let mut text = String::new();
        for character in self.template.chars() {
            match (character, numbers.len()) {
                (NUMBER, 1..) => match numbers.next() {
                    Some((here, there)) if here == there => text.push_str(&here.to_string()),
                    Some(_) | None => text.push_str(name),
                },
                (other, _) => text.push(other),
            }
        }
        text
    }
}

/// The rows of these blocks, families among them folded.
pub fn folded(blocks: Vec<Block>) -> Vec<Vec<String>> {
    let shapes: Vec<Shape> = blocks
        .iter()
        .map(|block| Shape::new(&flat(block)))
        .collect();
    let mut rows = Vec::new();
    let mut start = 0;
    while start < blocks.len() {
        let families =
            (1..=LONGEST_PERIOD).map(|period| (period, members(&shapes[start..], period)));
        let family = families
            .filter(|(_, members)| *members >= FEWEST)
            // of several the longest, and of these the one with the shortest period
            .min_by_key(|(period, members)| (usize::MAX - period * members, *period));
        let Some((period, members)) = family else {
            rows.extend(blocks[start].iter().cloned());
            start += 1;
            continue;
        };
        let last = start + period * (members - 1);
        for turn in 0..period {
            let (first, last) = (&shapes[start + turn], &shapes[last + turn]);
            rows.extend(family_of(first, last));
        }
        start += period * members;
    }
    rows
}

fn flat(block: &Block) -> String {
    let rows: Vec<String> = block
        .iter()
        .map(|row| row.join(&CELL.to_string()))
        .collect();
    rows.join(&ROW.to_string())
}

/// How often `period` blocks come one after the other with the same index counting up.
fn members(shapes: &[Shape], period: usize) -> usize {
    let Some(first) = shapes.get(..period) else {
        return 0;
    };
    let Some(start) = counting(first, shapes.get(period..2 * period)) else {
        return 0;
    };
    let holds = |member: usize| {
        let here = shapes.get(member * period..(member + 1) * period);
        here.is_some_and(|here| {
            here.iter().zip(first).all(|(here, first)| {
                here.is_further(first, member)
                    && here.numbers.iter().zip(&first.numbers).all(|(here, from)| {
                        // all that count up begin at the same number: it is one index
                        here == from || *from == start
                    })
            })
        })
    };
    1 + (1..).take_while(|member| holds(*member)).count()
}

/// Where the index begins: the first number that is not the same in the next member.
fn counting(first: &[Shape], next: Option<&[Shape]>) -> Option<usize> {
    let pairs = first.iter().zip(next?);
    pairs.into_iter().find_map(|(first, next)| {
        let mut numbers = first.numbers.iter().zip(&next.numbers);
        numbers.find_map(|(from, to)| (from != to).then_some(*from))
    })
}

/// One block of a family: `u in x[i], i = 1 … 100`.
fn family_of(first: &Shape, last: &Shape) -> Vec<Vec<String>> {
    let name = index_name(&first.template);
    let mut numbers = first.numbers.iter().zip(&last.numbers);
    let ends = numbers.find(|(from, to)| from != to);
    let text = first.with_index(last, name);
    let mut rows: Vec<Vec<String>> = text
        .split(ROW)
        .map(|row| row.split(CELL).map(str::to_owned).collect())
        .collect();
    if let (Some(cell), Some((from, to))) = (rows.first_mut().and_then(|row| row.first_mut()), ends)
    {
        cell.push_str(&format!(", {name} = {from} … {to}"));
    }
    rows
}

/// A letter that the text does not use.
fn index_name(text: &str) -> &'static str {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let used = |name: &str| text.split(|c| !is_part(c)).any(|word| word == name);
    ["i", "j", "k", "m", "l"]
        .into_iter()
        .find(|name| !used(name))
        .unwrap_or("index")
}

/// A list in which families are folded, `N_{x[1]}, …, N_{x[100]}`, cut in the middle if it is still long.
pub fn listed(items: &[String], separator: &str) -> String {
    let items = runs(items.iter().map(String::as_str).collect());
    if items.len() <= LONGEST_LIST {
        return items.join(separator);
    }
    let (head, tail) = (LONGEST_LIST / 2, LONGEST_LIST / 4);
    let left_out = items.len() - head - tail;
    let middle = format!("… {} more …", grouped(left_out as f64));
    let first = items.iter().take(head).copied();
    let last = items.iter().skip(items.len() - tail).copied();
    let all: Vec<&str> = first.chain([middle.as_str()]).chain(last).collect();
    all.join(separator)
}

/// A text in which families are folded: `x[1] + … + x[100]`.
pub fn shortened(text: &str) -> String {
    [", ", "; ", " + ", " - ", " with "]
        .iter()
        .fold(text.to_owned(), |text, separator| {
            runs(text.split(separator).collect()).join(separator)
        })
}

/// The items of a list, what lies between the ends of a family left out.
fn runs(items: Vec<&str>) -> Vec<&str> {
    if items.len() < FEWEST {
        return items;
    }
    let shapes: Vec<Shape> = items.iter().map(|item| Shape::new(item)).collect();
    let mut folded = Vec::new();
    let mut start = 0;
    while start < items.len() {
        let first = &shapes[start];
        let further = shapes[start + 1..].iter().zip(1..);
        let members = 1 + further
            .take_while(|(shape, step)| shape.is_further(first, *step))
            .count();
        if members >= FEWEST {
            folded.extend([items[start], "…", items[start + members - 1]]);
        } else {
            folded.extend(&items[start..start + members]);
        }
        start += members;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: impl IntoIterator<Item = String>) -> Vec<String> {
        let blocks = texts.into_iter().map(|text| vec![vec![text]]).collect();
        folded(blocks).into_iter().flatten().collect()
    }

    #[test]
    fn what_counts_up_is_one() {
        let coordinates = (1..=100).map(|k| format!("x[{k}] in [0, 1]"));
        let time = "t in [0, 1]".to_owned();
        assert_eq!(
            rows(coordinates.chain([time.clone()])),
            ["x[i] in [0, 1], i = 1 … 100", &time]
        );
        let ends =
            (1..=9).flat_map(|k| [0, 1].map(|end| format!("u at x[{k}] = {end}: sum(i, x[i])")));
        assert_eq!(
            rows(ends),
            [
                "u at x[j] = 0: sum(i, x[i]), j = 1 … 9",
                "u at x[j] = 1: sum(i, x[i]), j = 1 … 9"
            ]
        );
        let components = (1..=6).map(|k| format!("v[{k}] at x[2]"));
        assert_eq!(rows(components), ["v[i] at x[2], i = 1 … 6"]);
    }

    #[test]
    fn what_does_not_count_up_stays() {
        let few: Vec<String> = (1..=4).map(|k| format!("x[{k}]")).collect();
        assert_eq!(rows(few.clone()), few);
        let same = vec!["on [0] and [1]".to_owned(); 8];
        assert_eq!(rows(same.clone()), same);
        let odd: Vec<String> = (0..8).map(|k| format!("x[{}]", 2 * k)).collect();
        assert_eq!(rows(odd.clone()), odd);
        let shifted: Vec<String> = (0..8).map(|k| format!("x[{k}] x[{}]", k + 1)).collect();
        assert_eq!(
            rows(shifted.clone()),
            shifted,
            "there is no word for the second"
        );
    }

    #[test]
    fn lists_are_cut_where_it_is_clear_what_is_left_out() {
        let sum: Vec<String> = (1..=100).map(|k| format!("N_{{x[{k}] x[{k}]}}")).collect();
        let sum = format!("L1 = {}", sum.join(" + "));
        assert_eq!(
            shortened(&sum),
            "L1 = N_{x[1] x[1]} + N_{x[2] x[2]} + … + N_{x[100] x[100]}"
        );
        let pairs = (1..=30).flat_map(|k| [format!("N_{k}"), format!("x[{k}]")]);
        let pairs: Vec<String> = pairs.collect();
        let list = listed(&pairs, ", ");
        assert!(list.contains("x[6], … 42 more …, N_28, x[28]"), "{list}");
        assert_eq!(shortened("u_t + u*u_x = nu*u_xx"), "u_t + u*u_x = nu*u_xx");
    }
}
