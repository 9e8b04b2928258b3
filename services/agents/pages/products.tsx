/** Products: added, changed, withdrawn. */
import { Autocomplete, Button, Group, Switch, TextInput } from '@mantine/core';
import {
  type Column,
  DataTable,
  EmptyState,
  FormDrawer,
  Money,
  Page,
  StatusBadge,
  sourceOf,
  useAct,
  useAddress,
  useCan,
  useLiveReload,
  useOrganisation,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import { newProduct, type Product } from '../schema.ts';

const Address = z.object({ new: z.string().optional() });

export default function ProductsPage() {
  const [{ new: adding }, set] = useAddress(Address);
  const [editing, setEditing] = useState<Product | null>(null);
  const mayWrite = useCan('reference:write');
  const products = useRead(agentsApi.listProducts);
  useLiveReload(['products.changed'], [agentsApi.listProducts]);
  return (
    <Page
      title="Products"
      actions={mayWrite && <Button onClick={() => set({ new: '1' })}>Add a product</Button>}
    >
      <DataTable
        label="Products"
        columns={columns}
        source={sourceOf(products, (answer) => answer.items)}
        rowId={(product) => product.id}
        onOpen={mayWrite ? setEditing : undefined}
        empty={
          <EmptyState title="No products yet" text="Agents are authorised for products: add one first." />
        }
      />
      <ProductForm
        product={editing}
        types={[...new Set(products.data?.items.map(({ type }) => type))]}
        opened={editing !== null || adding !== undefined}
        onClose={() => {
          setEditing(null);
          set({ new: undefined });
        }}
      />
    </Page>
  );
}

const columns: Column<Product>[] = [
  {
    id: 'name',
    header: 'Product',
    min: 180,
    grow: 2,
    sort: 'local',
    value: (p) => p.name,
    cell: (p) => p.name,
  },
  { id: 'code', header: 'Code', min: 130, sort: 'local', value: (p) => p.code, cell: (p) => p.code },
  { id: 'type', header: 'Type', min: 110, sort: 'local', value: (p) => p.type, cell: (p) => p.type },
  {
    id: 'target',
    header: 'Target amount',
    align: 'right',
    width: 160,
    sort: 'local',
    value: (p) => (p.targetAmount === null ? null : Number(p.targetAmount)),
    cell: (p) => p.targetAmount && <Money value={p.targetAmount} currency={p.currency ?? undefined} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: 120,
    cell: (p) => (
      <StatusBadge status={p.active ? 'active' : 'inactive'} label={p.active ? 'Offered' : 'Withdrawn'} />
    ),
  },
];

const Values = newProduct.extend({ active: z.boolean() });

function ProductForm(props: {
  product: Product | null;
  types: string[];
  opened: boolean;
  onClose: () => void;
}) {
  const { product, types, opened, onClose } = props;
  const organisation = useOrganisation();
  const invalidates = [agentsApi.listProducts];
  const create = useAct(agentsApi.createProduct, {
    invalidates,
    success: 'The product is there',
    quiet: true,
  });
  const change = useAct(agentsApi.changeProduct, { invalidates, success: 'Saved', quiet: true });
  const initial = {
    code: product?.code ?? '',
    type: product?.type ?? '',
    name: product?.name ?? '',
    targetAmount: product?.targetAmount?.replace(/\.?0+$/, '') ?? '',
    currency: product?.currency ?? organisation.currency,
    active: product?.active ?? true,
  };
  const form = useZodForm(Values, {
    initial,
    submit: ({ active, targetAmount = null, ...rest }) => {
      // The currency stands there from the beginning; without an amount it says nothing.
      const body = { ...rest, targetAmount, currency: targetAmount === null ? null : rest.currency };
      return product
        ? change.mutateAsync({
            params: { id: product.id },
            body: { ...body, active, version: product.version },
          })
        : create.mutateAsync({ body });
    },
    onDone: onClose,
  });
  // What is opened decides, not the values made from it.
  useEffect(() => form.reset(initial), [product, opened]);
  return (
    <FormDrawer
      title={product ? `Change ${product.name}` : 'Add a product'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel={product ? 'Save' : 'Add'}
    >
      <TextInput label="Name" required {...form.field('name')} />
      <TextInput label="Code" description="As core systems know it" required {...form.field('code')} />
      <Autocomplete label="Type" required data={types} {...form.field('type')} />
      <Group grow align="start">
        <TextInput label="Target amount" inputMode="decimal" {...form.field('targetAmount')} />
        <TextInput label="Currency" maxLength={3} {...form.field('currency')} />
      </Group>
      {product && <Switch label="Offered" {...form.field('active', 'checkbox')} />}
    </FormDrawer>
  );
}
