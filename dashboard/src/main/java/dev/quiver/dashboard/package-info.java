/// A page in the browser that shows what schedulers do, and the server behind it.
@NullMarked
package dev.quiver.dashboard;

import org.jspecify.annotations.NullMarked;
