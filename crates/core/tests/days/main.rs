//! How a day is judged (rules 6.4 and 6.5), day by day. Every expectation was worked out by hand from docs/day.md.
//!
//! A row of the table reads: `day("what is special about it", SHIFT, "who punched when").is("what the day is")`. A late or
//! early mark has its minutes behind it, `#1` and `#2` are the segments of a shift with several, what is lifted stands in
//! brackets. The other words are explained where they are made, in notation.rs. Unless a row says otherwise the days around it
//! are days of rest.

#[cfg(test)]
mod notation;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod table;
