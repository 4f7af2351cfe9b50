package dev.quiver.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The class loader of the user's code that calls into Quiver: it knows the classes of the values
/// that this code means.
final class UserLoader {
    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final @Nullable ClassLoader OURS = UserLoader.class.getClassLoader();
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private UserLoader() {}

    /// That of the nearest caller whose classes are of a loader of their own, as those of notebooks
    /// and JShell are; else the thread's.
    static @Nullable ClassLoader here() {
        return WALKER.walk(frames ->
                        frames.map(frame -> frame.getDeclaringClass().getClassLoader())
                                .filter(Objects::nonNull)
                                .filter(loader -> loader != OURS && loader != PLATFORM)
                                .findFirst())
                .orElseGet(() -> Thread.currentThread().getContextClassLoader());
    }
}
