/// User code on its way to a worker: which closures and values can travel, and as which bytes.
@NullMarked
package dev.quiver.worker.user;

import org.jspecify.annotations.NullMarked;
