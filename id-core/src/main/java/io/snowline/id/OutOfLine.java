package io.snowline.id;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Methods that are called and never inlined: the long way of a call whose short way is to stay small. A compiler that meets
 * {@code nextId} while every call still takes the long way puts all of that into it, finds it too big to be inlined into its
 * callers, and leaves it so: the short way then takes half as long again, in one process of three. What a method handle in an
 * instance's field leads to, a compiler cannot know.
 */
final class OutOfLine {

    private OutOfLine() {}

    /** Returns a method of an object of this package. */
    static MethodHandle method(Object receiver, Class<?> declaring, String name, MethodType type) {
        try {
            return MethodHandles.lookup().findVirtual(declaring, name, type).bindTo(receiver);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(declaring + " has no " + name + type, e);
        }
    }

    /** Returns what a method threw that declares nothing, to be thrown again. */
    static RuntimeException thrown(Throwable unchecked) {
        if (unchecked instanceof Error error) {
            throw error;
        }
        return (RuntimeException) unchecked;
    }
}
