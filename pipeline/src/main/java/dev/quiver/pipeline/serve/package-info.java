/// Pipelines that run by themselves: by the clock, when files arrive, and one behind another.
@NullMarked
package dev.quiver.pipeline.serve;

import org.jspecify.annotations.NullMarked;
