//! Lists and plans are answered from indexes.

use super::*;
use crate::schedule::leaves::queries::{COUNT, COUNT_OF_ONE, PAGE, PAGE_OF_ONE};
use crate::schedule::queries::{CELLS, LEAVES, MOVES, PEOPLE};
use crate::site::tests::plans;

#[tokio::test]
async fn what_a_plan_needs_is_found_by_indexes() {
    let (site, _folder) = scratch();
    let queries =
        [PEOPLE, MOVES, CELLS, LEAVES, PAGE, COUNT, PAGE_OF_ONE, COUNT_OF_ONE, assignments::queries::LIST];
    insta::assert_snapshot!(plans(&site, queries).await);
}
