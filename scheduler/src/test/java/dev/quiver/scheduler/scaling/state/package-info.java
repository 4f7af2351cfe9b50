@NullMarked
package dev.quiver.scheduler.scaling.state;

import org.jspecify.annotations.NullMarked;
