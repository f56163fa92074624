//! The console API through its real router and its real sockets.
//!
//! `cfg(test)` tells the lints that these modules are tests, helpers included.

#[cfg(test)]
mod support;

#[cfg(test)]
mod appeals;
#[cfg(test)]
mod attendance;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod dispatch;
#[cfg(test)]
mod door;
#[cfg(test)]
mod employees;
#[cfg(test)]
mod events;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod general;
#[cfg(test)]
mod health;
#[cfg(test)]
mod held;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod photos;
#[cfg(test)]
mod punch_files;
#[cfg(test)]
mod punches;
#[cfg(test)]
mod reuploads;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod trace;
