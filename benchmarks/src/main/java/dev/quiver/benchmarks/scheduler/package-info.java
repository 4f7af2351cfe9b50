/// What the decisions of scheduler and worker cost.
@NullMarked
package dev.quiver.benchmarks.scheduler;

import org.jspecify.annotations.NullMarked;
