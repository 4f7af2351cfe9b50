/// From what a query means to what runs: estimates, rules, and lowering to stages.
@NullMarked
package dev.quiver.planner;

import org.jspecify.annotations.NullMarked;
