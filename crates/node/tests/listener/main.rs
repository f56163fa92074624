//! The machine listener over real sockets, byte for byte. Every test carries the number of the rule it stands for; the
//! rules are those of the protocol notes (`quirks`).

#[cfg(test)]
mod access;
#[cfg(test)]
mod attendance;
#[cfg(test)]
mod bodies;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod days;
#[cfg(test)]
mod fk;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod reuploads;
#[cfg(test)]
mod routing;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
#[cfg(test)]
mod transport;
