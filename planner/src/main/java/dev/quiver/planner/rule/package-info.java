/// The rules that make a plan cheaper without changing what it means, one class each.
@NullMarked
package dev.quiver.planner.rule;

import org.jspecify.annotations.NullMarked;
