package tsgi.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.lang.reflect.Constructor;

/**
 * Descriptors that this process inherited. Java opens none by its number; the constructor that does is not public, and the
 * command line opens its package to us (--add-opens java.base/java.io).
 */
final class Descriptors {
    private Descriptors() {}

    static FileInputStream input(int number) {
        return new FileInputStream(descriptor(number));
    }

    static FileOutputStream output(int number) {
        return new FileOutputStream(descriptor(number));
    }

    private static FileDescriptor descriptor(int number) {
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException("expected a Java that has FileDescriptor(int)", error);
        }
    }
}
