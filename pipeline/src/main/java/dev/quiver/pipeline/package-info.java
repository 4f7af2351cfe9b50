/// Loads that survive: steps from extract to load, retry, checkpoints after each unit, resume.
@NullMarked
package dev.quiver.pipeline;

import org.jspecify.annotations.NullMarked;
