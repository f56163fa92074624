//! The FK dialect by its protocol chapter: the worked messages byte for byte, and what machines do beside them. A test
//! behind which a rule of the list of quirks stands has its number in front.

#[cfg(test)]
mod assembly;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod people;
#[cfg(test)]
mod punches;
