//! Breaks the words of a declaration into lines.

use super::space::Joint;
use super::{CONTINUED, WIDTH};
use crate::syntax::parse::scan::Token;

/// The lines of some tokens: the first is indented by `first`, the others by `rest` and [`CONTINUED`].
///
/// As many words as fit go on a line. It is broken at the outermost place that can be reached, and there at the
/// last one.
pub(super) fn fill(tokens: &[Token], joints: &[Joint], first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut indent = first;
    while start < tokens.len() {
        let end = line_end(tokens, joints, start, WIDTH.saturating_sub(indent));
        lines.push(line(&tokens[start..end], &joints[start..end]));
        start = end;
        indent = rest + CONTINUED;
    }
    lines
}

/// Where a line that begins at `start` ends.
fn line_end(tokens: &[Token], joints: &[Joint], start: usize, width: usize) -> usize {
    let mut used = 0;
    let mut best: Option<(usize, usize)> = None;
    for index in start..tokens.len() {
        if index > start {
            if let Some(depth) = joints[index].breaks
                && best.is_none_or(|(least, _)| depth <= least)
            {
                best = Some((depth, index));
            }
            used += joints[index].spaces;
        }
        used += tokens[index].text.chars().count();
        // Where nothing could be broken before the edge, the first place behind it will do.
        if used > width
            && let Some((_, end)) = best
        {
            return end;
        }
    }
    tokens.len()
}

fn line(tokens: &[Token], joints: &[Joint]) -> String {
    let mut text = String::new();
    for (index, (token, joint)) in tokens.iter().zip(joints).enumerate() {
        if index > 0 {
            text.extend(std::iter::repeat_n(' ', joint.spaces));
        }
        text.push_str(token.text);
    }
    text
}
