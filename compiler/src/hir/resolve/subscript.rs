//! Subscripts: `u_xx` and `u_{theta theta}` as sequences of coordinates.

/// How a subscript can be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Segmentation {
    /// In one way: the positions of the coordinates.
    One(Vec<usize>),
    /// In two ways or more, of which two are given.
    Several(Vec<usize>, Vec<usize>),
    /// In none: nothing fits at this byte of the subscript.
    Unknown {
        /// The byte offset.
        offset: usize,
    },
}

/// A name before its last `_` and the subscript after it, braces included.
pub(crate) fn split(name: &str) -> Option<(&str, &str)> {
    let at = if name.ends_with('}') {
        name.rfind("_{")?
    } else {
        name.rfind('_')?
    };
    let (base, subscript) = (&name[..at], &name[at + 1..]);
    (!base.is_empty() && !subscript.is_empty()).then_some((base, subscript))
}

/// Reads a subscript as a sequence of these coordinates.
///
/// In braces, a piece between spaces that is the name of a coordinate is that coordinate; everything else is
/// cut in every possible way.
pub(crate) fn segment(subscript: &str, coordinates: &[String]) -> Segmentation {
    let inner = subscript
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let Some(inner) = inner else {
        return cut(subscript, coordinates);
    };
    let (mut first, mut second) = (Vec::new(), None::<Vec<usize>>);
    let mut offset = 1;
    for piece in inner.split(' ') {
        let exact = coordinates.iter().position(|name| name == piece);
        let read = match exact {
            Some(position) => Segmentation::One(vec![position]),
            None if piece.is_empty() => Segmentation::One(Vec::new()),
            None => cut(piece, coordinates),
        };
        match read {
            Segmentation::One(positions) => {
                first.extend(&positions);
                if let Some(second) = &mut second {
                    second.extend(positions);
                }
            }
            Segmentation::Several(one, other) => {
                let mut prefix = first.clone();
                first.extend(one);
                prefix.extend(other);
                second.get_or_insert(prefix);
            }
            Segmentation::Unknown { offset: inside } => {
                return Segmentation::Unknown {
                    offset: offset + inside,
                };
            }
        }
        offset += piece.len() + 1;
    }
    match second {
        None if first.is_empty() => Segmentation::Unknown { offset: 0 },
        None => Segmentation::One(first),
        Some(second) => Segmentation::Several(first, second),
    }
}

/// Cuts a text into coordinates in every possible way, by dynamic programming from its end.
fn cut(text: &str, coordinates: &[String]) -> Segmentation {
    // For each offset, up to two coordinates with which a reading of the rest can begin, and how many
    // readings there are, counted up to two.
    let mut begins: Vec<Vec<usize>> = vec![Vec::new(); text.len() + 1];
    let mut readings = vec![0_u8; text.len() + 1];
    readings[text.len()] = 1;
    for offset in (0..text.len()).rev() {
        let Some(rest) = text.get(offset..) else {
            continue;
        };
        for (position, name) in coordinates.iter().enumerate() {
            if name.is_empty()
                || !rest.starts_with(name.as_str())
                || readings[offset + name.len()] == 0
                // Declared twice, which has an error of its own, it is one way to read the text all the same.
                || coordinates[..position].contains(name)
            {
                continue;
            }
            readings[offset] = (readings[offset] + readings[offset + name.len()]).min(2);
            if begins[offset].len() < 2 {
                begins[offset].push(position);
            }
        }
    }
    let follow = |choose_last: bool| {
        let mut positions = Vec::new();
        let mut offset = 0;
        while offset < text.len() {
            let choices = &begins[offset];
            let choice = if choose_last {
                choices.last()
            } else {
                choices.first()
            };
            let Some(position) = choice else { break };
            positions.push(*position);
            offset += coordinates[*position].len();
        }
        positions
    };
    match readings[0] {
        0 => Segmentation::Unknown {
            offset: furthest(text, coordinates),
        },
        1 => Segmentation::One(follow(false)),
        _ => Segmentation::Several(follow(false), follow(true)),
    }
}

/// How far coordinates can be read from the front.
fn furthest(text: &str, coordinates: &[String]) -> usize {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut last = 0;
    for offset in 0..text.len() {
        if !reached[offset] {
            continue;
        }
        last = offset;
        for name in coordinates {
            if !name.is_empty() && text[offset..].starts_with(name.as_str()) {
                reached[offset + name.len()] = true;
            }
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::{Segmentation, segment, split};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn splits_at_the_last_underscore() {
        assert_eq!(split("u_xx"), Some(("u", "xx")));
        assert_eq!(split("u_1_x"), Some(("u_1", "x")));
        assert_eq!(split("u_{theta theta}"), Some(("u", "{theta theta}")));
        assert_eq!(split("u_"), None);
        assert_eq!(split("u"), None);
    }

    #[test]
    fn reads_letters_and_words() {
        let polar = names(&["r", "theta"]);
        assert_eq!(segment("rr", &polar), Segmentation::One(vec![0, 0]));
        assert_eq!(segment("thetar", &polar), Segmentation::One(vec![1, 0]));
        assert_eq!(
            segment("{theta theta}", &polar),
            Segmentation::One(vec![1, 1])
        );
        assert_eq!(segment("rz", &polar), Segmentation::Unknown { offset: 1 });
        assert_eq!(
            segment("{r z}", &polar),
            Segmentation::Unknown { offset: 3 }
        );
    }

    #[test]
    fn a_coordinate_declared_twice_is_read_once() {
        let twice = names(&["x", "x"]);
        assert_eq!(segment("xx", &twice), Segmentation::One(vec![0, 0]));
    }

    #[test]
    fn finds_both_readings() {
        let bad = names(&["x", "y", "xy"]);
        assert_eq!(
            segment("xy", &bad),
            Segmentation::Several(vec![0, 1], vec![2])
        );
        assert_eq!(segment("{xy}", &bad), Segmentation::One(vec![2]));
        assert_eq!(segment("{x y}", &bad), Segmentation::One(vec![0, 1]));
    }
}
