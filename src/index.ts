export { Process } from "./host/process.ts";
