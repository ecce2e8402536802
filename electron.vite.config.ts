import { defineConfig } from 'electron-vite';

export default defineConfig({});
