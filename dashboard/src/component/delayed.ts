// A value that follows another once it has been still for a while.

import { useEffect, useState } from "react";

export function useDelayed<T>(value: T, millis: number): T {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setHeld(value), millis);
    return () => clearTimeout(timer);
  }, [value, millis]);
  return held;
}
