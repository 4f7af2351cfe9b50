/// What can go wrong, said so that a person can mend it: what, where, and how to fix it.
@NullMarked
package dev.quiver.error;

import org.jspecify.annotations.NullMarked;
