/// The user's classes on their way to workers: which ones a closure needs, as content-addressed
/// bundles, and the loaders of a session that define them there.
@NullMarked
package dev.quiver.worker.user.ship;

import org.jspecify.annotations.NullMarked;
