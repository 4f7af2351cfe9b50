@NullMarked
package dev.quiver.scheduler.coordination.state;

import org.jspecify.annotations.NullMarked;
