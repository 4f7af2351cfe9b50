/// Classes of a user's on the class path, which a worker doesn't have.
@NullMarked
package dev.quiver.worker.user.sample;

import org.jspecify.annotations.NullMarked;
