/// Expressions over one row: the tree, its type rules, its text form and the interpreter that
/// defines what it means.
@NullMarked
package dev.quiver.expression;

import org.jspecify.annotations.NullMarked;
