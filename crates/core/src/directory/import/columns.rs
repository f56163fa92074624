//! What the columns of a file of people are called.

/// Columns that every file may have: key, and the name in Chinese.
const FIXED: [(&str, &str); 9] = [
    ("id", "人员ID"),
    ("name", "姓名"),
    ("branch", "分部"),
    ("department", "部门"),
    ("employeeNumber", "工号"),
    ("mobile", "手机"),
    ("email", "邮箱"),
    ("hiredOn", "入职日期"),
    ("leftOn", "离职日期"),
];

/// Whether a column called so is understood as one of the system's, so that no field of the customer's can be.
pub(in super::super) fn is_fixed_header(header: &str) -> bool {
    FIXED.iter().any(|(key, name)| key.eq_ignore_ascii_case(header) || *name == header)
}
